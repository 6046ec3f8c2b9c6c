{{ scored_pairs(
    company_comparisons(),
    company_term_frequency_levels(),
    ref('int_company_compared_pairs'),
    ref('int_company_parameters'),
    ref('int_company_features'),
) }}
