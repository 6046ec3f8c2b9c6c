{{ record_support(
    'person',
    ref('person_clusters'),
    ref('person_pairs'),
    ref('int_person_scored_copies'),
    ref('int_person_linkage_initial'),
) }}
