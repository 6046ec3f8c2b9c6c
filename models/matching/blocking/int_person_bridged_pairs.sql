-- Step 6.3 of docs/model/matching.md: pairs that blocking missed and a third record bridges.
{{ bridged_pairs(
    'person',
    ref('int_person_features'),
    ref('int_person_scored_blocked_pairs'),
    ref('int_person_decision_sides'),
    ref('int_person_copies'),
) }}
