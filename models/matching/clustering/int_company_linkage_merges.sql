-- Step 7.4 of docs/model/matching.md: who merges in the first round.
{{ linkage_merges('company', ref('int_company_linkage_initial')) }}
