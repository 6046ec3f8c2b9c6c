{#- One row per person or company that took part in any interaction: how many, the last, and by which channels. -#}
{% macro activity_summary(entity) %}
{%- set id = entity ~ '_id' -%}
with

participants as (

    select * from {{ ref('fct_interaction_participants') }}
    where {{ id }} is not null

),

summaries as (

    select
        {{ id }},
        count(distinct interaction_id) as n_interactions,
        max(occurred_at) as last_interaction_at,
        array_agg(distinct channel order by channel) as channels,
    from participants
    group by {{ id }}

)

select * from summaries
{% endmacro %}
