{{ config(
    materialized='iterated',
    meta={'initial': 'int_person_overlaps_initial', 'max_rounds': 100, 'at_limit': 'keep'},
) }}
{{ overlaps_round('person', ref('int_person_overlaps_initial')) }}
