-- Step 7.3 of docs/model/matching.md: round 0 of the clustering, each record by itself.
{{ linkage_initial(
    'person',
    ref('int_person_features'),
    ref('person_pairs'),
    ref('int_person_hard_links'),
    ref('int_person_starting_clusters'),
    ref('int_person_cannot_links'),
) }}
