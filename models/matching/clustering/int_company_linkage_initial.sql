-- Step 7.3 of docs/model/matching.md: round 0 of the clustering, each record by itself.
{{ linkage_initial(
    'company',
    ref('int_company_features'),
    ref('company_pairs'),
    ref('int_company_hard_links'),
    ref('int_company_starting_clusters'),
    ref('int_company_cannot_links'),
) }}
