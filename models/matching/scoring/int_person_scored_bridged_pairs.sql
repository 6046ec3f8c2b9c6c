-- Step 6.5 of docs/model/matching.md: the weight of bridged pairs.
{{ scored_pairs(
    'person',
    person_model(),
    ref('int_person_compared_bridged_pairs'),
    ref('person_match_parameters'),
    ref('int_person_features'),
    ref('int_relations'),
) }}
