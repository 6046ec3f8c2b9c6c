{{ config(
    materialized='iterated',
    meta={'initial': 'int_person_bound_records_initial', 'max_rounds': 60, 'at_limit': 'fail'},
) }}

-- Step 1.4 of docs/model/matching.md: what decisions bind, transitively, repeated until nothing changes.
{{ bound_records_round(ref('int_person_bound_records_initial')) }}
