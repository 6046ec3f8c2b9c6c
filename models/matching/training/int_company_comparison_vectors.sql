{{ config(enabled=is_model_trained()) }}

-- Step 5.1 of docs/model/matching.md: distinct combinations of levels, counted.
{{ comparison_vectors(
    'company',
    company_model(),
    ref('int_company_compared_pairs'),
    ref('int_company_compared_copies'),
    ref('company_blocking_rules'),
) }}
