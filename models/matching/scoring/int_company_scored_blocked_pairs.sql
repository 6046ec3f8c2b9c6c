-- Step 6.1 of docs/model/matching.md: the weight of every pair that blocking found.
{{ scored_pairs('company', ref('int_company_compared_pairs')) }}
