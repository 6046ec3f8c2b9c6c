-- Step 6.1 of docs/model/matching.md: the weight of every pair that blocking found.
{{ scored_pairs(
    'person',
    person_model(),
    ref('int_person_compared_pairs'),
    ref('person_match_parameters'),
    ref('int_person_features'),
    ref('int_relations'),
) }}
