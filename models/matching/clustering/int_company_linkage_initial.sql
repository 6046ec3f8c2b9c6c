-- Step 7.1 of docs/model/matching.md: round 0 of the clustering, each record by itself.
{{ linkage_initial(
    'company',
    ref('int_company_features'),
    ref('int_company_distinct_records'),
    ref('company_pairs'),
    ref('int_company_must_links'),
    ref('int_company_cannot_links'),
) }}
