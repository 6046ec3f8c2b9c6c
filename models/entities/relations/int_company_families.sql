{{ config(
    materialized='iterated',
    meta={'initial': 'int_company_families_initial', 'max_rounds': 30, 'at_limit': 'fail'},
) }}

-- One round of gathering the families: a branch of any member belongs to them.
{{ component_round(ref('int_company_families_initial'), ref('int_company_family_pairs')) }}
