{{ linkage_initial(
    'company',
    ref('int_company_features'),
    ref('int_company_distinct_records'),
    ref('company_pairs'),
) }}
