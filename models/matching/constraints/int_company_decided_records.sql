-- Step 0.2 of docs/model/matching.md: the records that somebody decided about.
{{ decided_records('company', ref('int_company_decision_sides')) }}
