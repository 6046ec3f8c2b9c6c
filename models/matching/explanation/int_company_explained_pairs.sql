-- Step 9.3 of docs/model/matching.md: the pairs that explain clusters and review cases.
{{ explained_pairs(ref('company_clusters'), ref('company_pairs'), ref('int_company_review_cases')) }}
