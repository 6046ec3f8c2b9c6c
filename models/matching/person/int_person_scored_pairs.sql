{{ scored_pairs(
    person_comparisons(),
    person_term_frequency_levels(),
    ref('int_person_compared_pairs'),
    ref('int_person_parameters'),
    ref('int_person_features'),
) }}
