-- Step 8.1 of docs/model/matching.md: how well the rest of its cluster supports each record.
{{ record_support(
    'person',
    ref('person_clusters'),
    ref('person_pairs'),
    ref('int_person_scored_copies'),
    ref('int_person_linkage_initial'),
    ref('int_person_must_links'),
) }}
