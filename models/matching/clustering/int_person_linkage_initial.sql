{{ linkage_initial(
    'person',
    ref('int_person_features'),
    ref('int_person_distinct_records'),
    ref('person_pairs'),
) }}
