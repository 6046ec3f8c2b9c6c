{{ comparison_vectors(
    'person',
    person_comparisons(),
    ref('int_person_compared_pairs'),
    ref('person_blocking_rules'),
) }}
