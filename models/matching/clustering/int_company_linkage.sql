{{ config(
    materialized='iterated',
    meta={'initial': 'int_company_linkage_initial', 'max_rounds': 60, 'at_limit': 'keep'},
) }}
{{ linkage_round('company', ref('int_company_linkage_initial')) }}
