{{ config(
    materialized='iterated',
    meta={'initial': 'int_company_linkage_initial', 'max_rounds': 60, 'at_limit': 'keep'},
) }}

-- Step 7.2 of docs/model/matching.md: one round of the clustering, repeated until nothing merges.
{{ linkage_round('company', ref('int_company_linkage_initial')) }}
