-- Step 8.1 of docs/model/matching.md: how well the rest of its cluster supports each record.
{{ record_support(
    'company',
    ref('company_clusters'),
    ref('company_pairs'),
    ref('int_company_scored_copies'),
    ref('int_company_linkage_initial'),
    ref('int_company_must_links'),
) }}
