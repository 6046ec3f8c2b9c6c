-- Step 0.2 of docs/model/matching.md: the records that somebody decided about.
{{ decided_records('person', ref('int_person_decision_sides')) }}
