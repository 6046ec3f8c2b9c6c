{{ linkage_initial(
    'person',
    ref('int_person_features'),
    ref('int_person_distinct_records'),
    ref('int_person_scored_pairs'),
) }}
