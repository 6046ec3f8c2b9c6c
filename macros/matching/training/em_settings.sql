{#- What em_round is allowed to learn in this round, as CTEs ending in `settings`: one row of training_settings with
    the number of the round. Reads the CTE `previous`. -#}
{% macro em_settings(entity, records) %}
progress as (

    select max(round) + 1 as round from previous

),

record_count as (

    select count(*) as n_records from {{ records }}

),

-- An e-mail address is shared by chance the more rarely, the more there are; no sample shows that.
settings as (

    select
        settings.*,
        progress.round,
        progress.round > settings.default_m_rounds as is_m_learned,
        progress.round <= settings.chance_rounds as is_u_learned,
        least(1.0, settings.u_pseudo_records / greatest(record_count.n_records, 1)) as default_u_weight,
    from {{ ref('training_settings') }} as settings
    cross join record_count
    cross join progress
    where settings.entity = '{{ entity }}'

)
{% endmacro %}
