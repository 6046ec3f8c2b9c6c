-- Step 9.4 of docs/model/matching.md: how alike the names of those pairs are.
{{ company_name_pairs(ref('int_company_explained_pairs')) }}
