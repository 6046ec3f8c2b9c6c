{{ expected_quality(
    'person',
    ref('int_person_clusters'),
    ref('int_person_scored_pairs'),
    ref('int_person_scored_copies'),
    ref('int_person_record_support'),
    ref('int_person_blocking_witnesses'),
) }}
