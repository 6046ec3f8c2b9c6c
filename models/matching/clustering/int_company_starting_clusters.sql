-- Step 7.2 of docs/model/matching.md: where the clustering starts.
{{ starting_clusters('company', ref('company_pairs'), ref('int_company_hard_links'), ref('int_company_must_links')) }}
