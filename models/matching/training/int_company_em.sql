{{ config(
    enabled=is_model_trained(),
    materialized='iterated',
    meta={'initial': 'int_company_em_initial', 'max_rounds': 60, 'at_limit': 'keep'},
) }}

-- Step 5.4 of docs/model/matching.md: one round of training, repeated until nothing moves.
{{ em_round(
    'company',
    ref('int_company_em_initial'),
    ref('int_company_training_evidence'),
    ref('int_company_features'),
) }}
