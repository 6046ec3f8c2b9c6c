-- Step 7.3 of docs/model/matching.md: every record with its cluster.
{{ resolved_clusters(
    'person',
    [
        'email_1', 'shared_email_1', 'phone_1', 'few_phone_1',
        'identifier_1', 'identifier_2', 'identifier_3', 'identifier_4', 'identifier_5',
    ],
    ref('int_person_copies'),
    ref('int_person_features'),
    ref('int_person_linkage'),
    ref('int_person_scored_copies'),
) }}
