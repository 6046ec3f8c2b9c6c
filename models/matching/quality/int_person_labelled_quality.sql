-- Step 8.4 of docs/model/matching.md: precision and recall on labelled pairs.
{{ labelled_quality(
    'person',
    ref('person_clusters'),
    ref('labelled_pairs'),
    ref('int_person_decision_outcomes'),
) }}
