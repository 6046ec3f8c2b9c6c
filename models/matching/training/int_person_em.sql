{{ config(
    enabled=is_model_trained(),
    materialized='iterated',
    meta={
        'initial': 'int_person_em_initial',
        'step': 'int_person_em_posteriors',
        'verdict': 'state',
        'max_rounds': 60,
        'at_limit': 'keep',
    },
) }}

-- The step reads it in each round.
-- depends_on: {{ ref('int_relations') }}

-- Step 5.5 of docs/model/matching.md: one round of training, repeated until nothing moves.
{{ em_round(
    'person',
    ref('int_person_em_initial'),
    ref('int_person_training_evidence'),
    ref('int_person_em_posteriors'),
    ref('int_person_features'),
) }}
