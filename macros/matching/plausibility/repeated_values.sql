{#- Records that agree on a name and something else, one row per combination and values that several records have: are
    they in one cluster? Records of sources that list nobody twice are left out, for such a source says that they are
    two. -#}
{% macro repeated_values(entity, records, clusters) %}
with

records as (

    select * from {{ records }}
    where exclusive_source is null

),

clusters as (

    select * from {{ clusters }}

),

agreements as (
    {% for check_name, agreement in plausibility_signs(entity).agreements.items() %}
        select distinct
            '{{ check_name }}' as check_name,
            farm_fingerprint({{ agreement.name }} || '|' || agreed_value) as agreed_key,
            records.record_id,
        from records
        cross join unnest({{ agreement['values'] }}) as agreed_value
        where {{ agreement.name }} is not null and agreed_value is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (

    select
        agreements.check_name,
        agreements.agreed_key,
        count(*) as n_records,
        count(distinct clusters.cluster_id) as n_clusters,
        count(distinct clusters.cluster_id) > 1 as is_implausible,
        min(clusters.cluster_id) as cluster_id_l,
        max(clusters.cluster_id) as cluster_id_r,
    from agreements
    inner join clusters on agreements.record_id = clusters.record_id
    group by agreements.check_name, agreements.agreed_key
    having count(*) > 1

)

select * from final
{% endmacro %}
