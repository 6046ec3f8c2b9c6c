{{ config(
    materialized='iterated',
    meta={
        'initial': 'int_person_linkage_initial',
        'step': 'int_person_linkage_merges',
        'verdict': 'step',
        'max_rounds': 60,
        'at_limit': 'keep',
    },
) }}

-- The step reads it in each round.
-- depends_on: {{ ref('match_thresholds') }}

-- Step 7.5 of docs/model/matching.md: one round of the clustering, repeated until nothing merges.
{{ linkage_round(ref('int_person_linkage_initial'), ref('int_person_linkage_merges')) }}
