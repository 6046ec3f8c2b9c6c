-- Step 7.1 of docs/model/matching.md: round 0 of the clustering, each record by itself.
{{ linkage_initial(
    'person',
    ref('int_person_features'),
    ref('int_person_distinct_records'),
    ref('person_pairs'),
    ref('int_person_must_links'),
    ref('int_person_cannot_links'),
) }}
