-- Step 4.1 of docs/model/matching.md: how alike two company names are, once per pair of names.
{{ company_name_pairs(ref('int_company_candidate_pairs')) }}
