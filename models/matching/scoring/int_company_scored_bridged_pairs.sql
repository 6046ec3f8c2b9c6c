{{ scored_pairs(
    'company',
    company_comparisons(),
    company_term_frequency_levels(),
    company_relations(),
    ref('int_company_compared_bridged_pairs'),
    ref('company_match_parameters'),
    ref('int_company_features'),
) }}
