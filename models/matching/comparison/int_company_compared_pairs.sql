-- Step 4.2 of docs/model/matching.md: the levels of every candidate pair.
{{ compared_company_pairs(ref('int_company_candidate_pairs'), ref('int_company_name_pairs')) }}
