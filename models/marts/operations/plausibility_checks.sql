{{ config(materialized='incremental', full_refresh=false, on_schema_change='append_new_columns') }}
{%- set entities = ['person', 'company'] -%}
with

{% for entity in entities %}
    {{ entity }}_clusters as (

        select countif(n_records > 1 and record_id = cluster_id) as n_checked
        from {{ ref(entity ~ '_clusters') }}

    ),

    {{ entity }}_crowded as (

        select
            check_name,
            countif(is_implausible) as n_implausible,
        from {{ ref('int_' ~ entity ~ '_cluster_values') }}
        group by check_name

    ),

    {{ entity }}_torn as (

        select
            check_name,
            count(*) as n_checked,
            countif(is_implausible) as n_implausible,
        from {{ ref('int_' ~ entity ~ '_repeated_values') }}
        group by check_name

    ),

{% endfor %}
counted as (

    {% for entity in entities %}
        select
            '{{ entity }}' as entity,
            'crowded' as fault,
            crowded.check_name,
            clusters.n_checked,
            crowded.n_implausible,
        from {{ entity }}_crowded as crowded
        cross join {{ entity }}_clusters as clusters
        union all
        select
            '{{ entity }}' as entity,
            'torn' as fault,
            check_name,
            n_checked,
            n_implausible,
        from {{ entity }}_torn
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        entity,
        {{ current_run() }},
        fault,
        check_name,
        n_checked,
        n_implausible,
        1 - n_implausible / nullif(n_checked, 0) as plausible_share,
    from counted

)

select * from final
