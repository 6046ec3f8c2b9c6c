-- Step 1.3 of docs/model/matching.md: round 0 of what decisions bind, each record by itself.
{{ bound_records_initial('person', ref('int_person_decision_sides'), ref('int_person_copies')) }}
