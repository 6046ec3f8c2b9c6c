-- Step 7.7 of docs/model/matching.md: clusters that would merge, and what keeps them apart.
{{ kept_apart('company', ref('int_company_linkage')) }}
