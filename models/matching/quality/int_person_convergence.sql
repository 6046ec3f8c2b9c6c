{{ config(materialized='view') }}

-- Step 8.6 of docs/model/matching.md: whether training and clustering came to their end.
{{ convergence(
    'person',
    ref('int_person_linkage'),
    em=ref('int_person_em') if is_model_trained() else none,
    models=none if is_model_trained() else ref('stg_concord_ops__match_models'),
) }}
