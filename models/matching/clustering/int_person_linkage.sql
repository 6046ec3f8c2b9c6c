{{ config(
    materialized='iterated',
    meta={'initial': 'int_person_linkage_initial', 'max_rounds': 60, 'at_limit': 'keep'},
) }}
{{ linkage_round('person', ref('int_person_linkage_initial')) }}
