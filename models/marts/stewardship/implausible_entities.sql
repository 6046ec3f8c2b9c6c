with

cases as (

    {% for entity in ['person', 'company'] %}
        select
            '{{ entity }}' as entity,
            'crowded' as fault,
            check_name,
            cluster_id as cluster_id_l,
            cast(null as string) as cluster_id_r,
            n_records,
            n_values as n_found,
        from {{ ref('int_' ~ entity ~ '_cluster_values') }}
        where is_implausible
        union all
        select
            '{{ entity }}' as entity,
            'torn' as fault,
            check_name,
            cluster_id_l,
            cluster_id_r,
            n_records,
            n_clusters as n_found,
        from {{ ref('int_' ~ entity ~ '_repeated_values') }}
        where is_implausible
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- Large ones and small ones: one of each size, before a second one of any.
strata as (

    select
        *,
        row_number() over (
            partition by entity, check_name, least(n_records, 16)
            order by farm_fingerprint(cluster_id_l || coalesce(cluster_id_r, ''))
        ) as rank_in_stratum,
    from cases

),

ranked as (

    select
        *,
        row_number() over (
            partition by entity, check_name
            order by rank_in_stratum, n_records desc, cluster_id_l, cluster_id_r
        ) as example,
    from strata

),

entity_ids as (

    {% for entity in ['person', 'company'] %}
        select
            '{{ entity }}' as entity,
            record_id,
            {{ entity }}_id as entity_id,
        from {{ ref(entity ~ '_assignments') }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        ranked.entity,
        ranked.fault,
        ranked.check_name,
        ranked.example,
        l.entity_id as entity_id_l,
        r.entity_id as entity_id_r,
        ranked.n_records,
        ranked.n_found,
    from ranked
    inner join entity_ids as l on ranked.entity = l.entity and ranked.cluster_id_l = l.record_id
    left join entity_ids as r on ranked.entity = r.entity and ranked.cluster_id_r = r.record_id
    where ranked.example <= 10

)

select * from final
