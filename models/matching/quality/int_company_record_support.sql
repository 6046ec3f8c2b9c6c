{{ record_support(
    'company',
    ref('int_company_clusters'),
    ref('int_company_scored_pairs'),
    ref('int_company_scored_copies'),
    ref('int_company_linkage_initial'),
) }}
