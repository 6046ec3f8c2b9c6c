-- Step 6.2 of docs/model/matching.md: the weight that copies have with one another.
{{ scored_pairs('company', ref('int_company_compared_copies')) }}
