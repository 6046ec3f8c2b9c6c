{{ config(enabled=is_model_trained()) }}

-- Step 5.1 of docs/model/matching.md: distinct combinations of levels, counted.
{{ comparison_vectors(
    'person',
    person_model(),
    ref('int_person_compared_pairs'),
    ref('int_person_compared_copies'),
    ref('person_blocking_rules'),
) }}
