{{ scored_pairs(
    'person',
    person_model(),
    ref('int_person_compared_pairs'),
    ref('person_match_parameters'),
    ref('int_person_features'),
    ref('int_relations'),
) }}
