{#- Statement, one row: what the matching knows of that pair and of the clusters on both sides. -#}
{% macro pair_facts(entity) %}
with

{{ asked_pair(entity) }},

features as (

    select
        record_key,
        exclusive_source,
    from {{ ref('int_' ~ entity ~ '_features') }}

),

-- What the linkage counts: records that say the same are one.
cluster_sizes as (

    select
        cluster_key,
        count(distinct record_key) as n_distinct_records,
    from records
    where record_id = distinct_record_id
    group by cluster_key

),

-- A source without duplicates that has a record in both clusters.
shared_sources as (

    select string_agg(distinct features_l.exclusive_source, ', ') as exclusive_sources
    from sides as side_l
    inner join sides as side_r on side_l.side = 'left' and side_r.side = 'right'
    inner join records as l on side_l.cluster_key = l.cluster_key
    inner join records as r on side_r.cluster_key = r.cluster_key
    inner join features as features_l on l.record_key = features_l.record_key
    inner join features as features_r
        on r.record_key = features_r.record_key and features_l.exclusive_source = features_r.exclusive_source
    where side_l.cluster_key != side_r.cluster_key

),

edges as (

    select
        cluster_key,
        other_cluster_key,
        excess_weight,
        n_hard_links,
    from {{ ref('int_' ~ entity ~ '_linkage') }}
    where row_type = 'edge'

),

final as (

    select
        l.record_id as left_record_id,
        r.record_id as right_record_id,
        l.distinct_record_id as left_distinct_record_id,
        r.distinct_record_id as right_distinct_record_id,
        l.cluster_id as left_cluster_id,
        r.cluster_id as right_cluster_id,
        l.entity_id as left_entity_id,
        r.entity_id as right_entity_id,
        l.n_records as left_n_records,
        r.n_records as right_n_records,
        features_l.exclusive_source as left_exclusive_source,
        features_r.exclusive_source as right_exclusive_source,
        shared_sources.exclusive_sources as shared_exclusive_sources,
        best_pair.match_weight as scored_weight,
        thresholds.accept_weight,
        thresholds.lowest_pair_weight
        + edges.excess_weight / (1000000 * sizes_l.n_distinct_records * sizes_r.n_distinct_records) as mean_weight,
        coalesce(edges.n_hard_links, 0) as n_hard_links,
    from sides as l
    inner join sides as r on l.side = 'left' and r.side = 'right'
    cross join best_pair
    cross join shared_sources
    inner join features as features_l on l.record_key = features_l.record_key
    inner join features as features_r on r.record_key = features_r.record_key
    inner join {{ ref('match_thresholds') }} as thresholds on thresholds.entity = '{{ entity }}'
    left join cluster_sizes as sizes_l on l.cluster_key = sizes_l.cluster_key
    left join cluster_sizes as sizes_r on r.cluster_key = sizes_r.cluster_key
    left join edges
        on
            least(l.cluster_key, r.cluster_key) = edges.cluster_key
            and greatest(l.cluster_key, r.cluster_key) = edges.other_cluster_key

)

select * from final
{% endmacro %}
