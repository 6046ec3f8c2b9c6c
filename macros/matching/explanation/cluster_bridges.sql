{#- One row per cluster that weights hold together: the two parts of its last merge, which is its weakest bridge, and
    what the pairs between them weigh in the mean. Parts are counted in records, copies included. -#}
{% macro cluster_bridges(clusters, linkage) %}
with

clusters as (

    select * from {{ clusters }}

),

members as (

    select
        record_key,
        cluster_key,
        part_key,
        bridge_weight,
    from {{ linkage }}
    where row_type = 'member' and bridge_weight is not null

),

parts as (

    select
        members.cluster_key,
        members.part_key,
        members.bridge_weight,
        count(*) as n_records,
    from members
    inner join clusters
        on members.record_key = clusters.distinct_record_key and members.cluster_key = clusters.cluster_key
    group by members.cluster_key, members.part_key, members.bridge_weight

),

final as (

    select
        l.cluster_key,
        l.part_key as part_key_l,
        r.part_key as part_key_r,
        l.n_records as n_records_l,
        r.n_records as n_records_r,
        l.bridge_weight,
    from parts as l
    inner join parts as r on l.cluster_key = r.cluster_key and l.part_key < r.part_key

)

select * from final
{% endmacro %}
