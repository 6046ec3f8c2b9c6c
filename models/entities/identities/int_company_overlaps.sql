{{ config(
    materialized='iterated',
    meta={'initial': 'int_company_overlaps_initial', 'max_rounds': 100, 'at_limit': 'keep'},
) }}
{{ overlaps_round('company', ref('int_company_overlaps_initial')) }}
