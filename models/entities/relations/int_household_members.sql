{{ config(
    materialized='iterated',
    meta={'initial': 'int_household_members_initial', 'max_rounds': 30, 'at_limit': 'fail'},
) }}

-- One round of gathering the households: who is related to anybody of a household belongs to it.
{{ component_round(ref('int_household_members_initial'), ref('int_household_pairs')) }}
