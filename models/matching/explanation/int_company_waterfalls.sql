-- Step 9.5 of docs/model/matching.md: what each comparison says of those pairs.
{{ waterfalls('company', ref('int_company_explained_pairs'), ref('int_company_explained_name_pairs')) }}
