{{ config(materialized='view') }}

-- Step 8.6 of docs/model/matching.md: whether training and clustering came to their end.
{{ convergence(
    'company',
    ref('int_company_linkage'),
    em=ref('int_company_em') if is_model_trained() else none,
    models=none if is_model_trained() else ref('stg_concord_ops__match_models'),
) }}
