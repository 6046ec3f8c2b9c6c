-- Step 7.6 of docs/model/matching.md: every record with its cluster.
{{ resolved_clusters(
    'company',
    ref('int_company_copies'),
    ref('int_company_features'),
    ref('int_company_linkage'),
    ref('int_company_scored_copies'),
    ref('int_company_must_links'),
) }}
