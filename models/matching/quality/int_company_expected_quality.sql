{{ expected_quality(
    'company',
    ref('int_company_clusters'),
    ref('int_company_scored_pairs'),
    ref('int_company_scored_copies'),
    ref('int_company_record_support'),
    ref('int_company_blocking_witnesses'),
) }}
