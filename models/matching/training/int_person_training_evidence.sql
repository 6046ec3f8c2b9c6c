{{ config(enabled=is_model_trained()) }}

-- Step 5.2 of docs/model/matching.md: what each session may learn from.
{{ training_evidence(
    'person',
    person_model(),
    ref('int_person_comparison_vectors'),
    ref('person_blocking_rules'),
) }}
