-- Step 7.8 of docs/model/matching.md: what became of each decision.
{{ decision_outcomes(
    'person',
    ref('int_person_decision_sides'),
    ref('int_person_bound_records'),
    ref('int_person_must_links'),
    ref('int_person_kept_apart'),
    ref('int_person_copies'),
    ref('person_clusters'),
    ref('person_pairs'),
) }}
