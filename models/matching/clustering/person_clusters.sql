-- Step 7.6 of docs/model/matching.md: every record with its cluster.
{{ resolved_clusters(
    'person',
    ref('int_person_copies'),
    ref('int_person_features'),
    ref('int_person_linkage'),
    ref('int_person_scored_copies'),
    ref('int_person_must_links'),
) }}
