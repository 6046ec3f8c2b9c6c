-- Step 1.3 of docs/model/matching.md: round 0 of what decisions bind, each record by itself.
{{ bound_records_initial('company', ref('int_company_decision_sides'), ref('int_company_copies')) }}
