-- Step 6.2 of docs/model/matching.md: the weight that copies have with one another.
{{ scored_pairs(
    'person',
    person_model(),
    ref('int_person_compared_copies'),
    ref('person_match_parameters'),
    ref('int_person_features'),
    ref('int_relations'),
) }}
