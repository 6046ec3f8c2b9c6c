{#- Training reads every pair; a night only those that have changed, through int_person_scored_blocked_pairs. -#}
{{ config(materialized='table' if is_model_trained() else 'view') }}

-- Step 4.2 of docs/model/matching.md: the levels of every candidate pair.
{{ compared_person_pairs(ref('int_person_candidate_pairs')) }}
