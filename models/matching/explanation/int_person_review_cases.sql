-- Step 9.2 of docs/model/matching.md: clusters that are nearly one, and those that are nearly two.
{{ review_cases(
    'person',
    ref('person_clusters'),
    ref('int_person_features'),
    ref('person_pairs'),
    ref('int_person_linkage'),
    ref('int_person_bridges'),
    ref('int_person_decision_sides'),
) }}
