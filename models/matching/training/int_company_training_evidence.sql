{{ config(enabled=is_model_trained()) }}

-- Step 5.2 of docs/model/matching.md: what each session may learn from.
{{ training_evidence(
    'company',
    company_model(),
    ref('int_company_comparison_vectors'),
    ref('company_blocking_rules'),
) }}
