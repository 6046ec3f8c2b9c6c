{{ scored_pairs(
    'person',
    person_comparisons(),
    person_term_frequency_levels(),
    person_relations(),
    ref('int_person_compared_pairs'),
    ref('person_match_parameters'),
    ref('int_person_features'),
) }}
