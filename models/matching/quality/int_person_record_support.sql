{{ record_support(
    'person',
    ref('int_person_clusters'),
    ref('int_person_scored_pairs'),
    ref('int_person_scored_copies'),
    ref('int_person_linkage_initial'),
) }}
