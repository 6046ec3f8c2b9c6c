{#- How many values of an attribute a cluster has, one row per cluster of several records and attribute that is known of
    it. More than three given names are hardly one person's. -#}
{% macro cluster_values(entity, records, clusters) %}
with

records as (

    select * from {{ records }}

),

clusters as (

    select * from {{ clusters }}
    where n_records > 1

),

known_values as (

    select
        clusters.cluster_id,
        clusters.n_records,
        known.check_name,
        known.attribute_value,
    from clusters
    inner join records on clusters.record_id = records.record_id
    cross join unnest([
        {%- for check_name, expression in plausibility_signs(entity).attributes.items() %}
            struct('{{ check_name }}' as check_name, {{ expression }} as attribute_value)
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
    ]) as known
    where known.attribute_value is not null

),

final as (

    select
        check_name,
        cluster_id,
        max(n_records) as n_records,
        count(distinct attribute_value) as n_values,
        count(distinct attribute_value) > 3 as is_implausible,
    from known_values
    group by check_name, cluster_id

)

select * from final
{% endmacro %}
