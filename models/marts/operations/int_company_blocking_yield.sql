{{ blocking_yield(
    'company',
    ref('int_company_blocking_keys'),
    ref('int_company_blocking_key_sizes'),
    ref('int_company_blocks'),
    ref('int_company_scored_pairs'),
    ref('company_blocking_rules'),
) }}
