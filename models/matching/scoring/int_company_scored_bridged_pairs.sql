-- Step 6.6 of docs/model/matching.md: the weight of bridged pairs.
{{ scored_pairs('company', ref('int_company_compared_bridged_pairs')) }}
