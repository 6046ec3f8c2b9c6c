-- Step 8.3 of docs/model/matching.md: precision and recall that the model itself expects.
{{ expected_quality(
    'person',
    ref('person_clusters'),
    ref('int_person_blocking_keys'),
    ref('person_pairs'),
    ref('int_person_scored_copies'),
    ref('int_person_record_support'),
    ref('int_person_blocking_witnesses'),
) }}
