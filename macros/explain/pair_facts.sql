{#- Statement, one row: what the matching knows of that pair and of the clusters on both sides. -#}
{% macro pair_facts(entity) %}
with

{{ asked_pair(entity) }},

pair as (

    select
        {% for side in ['left', 'right'] %}
            {% for column in [
                'record_id', 'distinct_record_id', 'record_key', 'cluster_id', 'cluster_key', 'entity_id', 'n_records'
            ] %}
                max(if(side = '{{ side }}', {{ column }}, null)) as {{ side }}_{{ column }},
            {% endfor %}
        {% endfor %}
        max(scored_weight) as scored_weight,
    from sides
    having count(*) = 2

),

features as (

    select
        record_key,
        exclusive_source,
    from {{ ref('int_' ~ entity ~ '_features') }}

),

-- What the linkage counts: records that say the same are one.
cluster_parts as (

    select
        features.exclusive_source,
        logical_or(records.cluster_key = pair.left_cluster_key) as is_left,
        logical_or(records.cluster_key = pair.right_cluster_key) as is_right,
        logical_or(pair.left_cluster_key = pair.right_cluster_key) as is_one,
        count(distinct if(
            records.cluster_key = pair.left_cluster_key and records.record_id = records.distinct_record_id,
            records.record_key,
            null
        )) as n_left_records,
        count(distinct if(
            records.cluster_key = pair.right_cluster_key and records.record_id = records.distinct_record_id,
            records.record_key,
            null
        )) as n_right_records,
    from pair
    inner join records on records.cluster_key in (pair.left_cluster_key, pair.right_cluster_key)
    inner join features on records.record_key = features.record_key
    group by features.exclusive_source

),

clusters as (

    select
        cast(sum(n_left_records) as int64) as n_left_records,
        cast(sum(n_right_records) as int64) as n_right_records,
        -- A source without duplicates that has a record in both clusters.
        string_agg(
            if(is_left and is_right and not is_one, exclusive_source, null), ', ' order by exclusive_source
        ) as shared_exclusive_sources,
    from cluster_parts

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
        pair.left_record_id,
        pair.right_record_id,
        pair.left_distinct_record_id,
        pair.right_distinct_record_id,
        pair.left_cluster_id,
        pair.right_cluster_id,
        pair.left_entity_id,
        pair.right_entity_id,
        pair.left_n_records,
        pair.right_n_records,
        features_l.exclusive_source as left_exclusive_source,
        features_r.exclusive_source as right_exclusive_source,
        clusters.shared_exclusive_sources,
        pair.scored_weight,
        thresholds.accept_weight,
        thresholds.lowest_pair_weight
        + edges.excess_weight / (1000000 * clusters.n_left_records * clusters.n_right_records) as mean_weight,
        coalesce(edges.n_hard_links, 0) as n_hard_links,
    from pair
    cross join clusters
    inner join features as features_l on pair.left_record_key = features_l.record_key
    inner join features as features_r on pair.right_record_key = features_r.record_key
    inner join {{ ref('match_thresholds') }} as thresholds on thresholds.entity = '{{ entity }}'
    left join edges
        on
            least(pair.left_cluster_key, pair.right_cluster_key) = edges.cluster_key
            and greatest(pair.left_cluster_key, pair.right_cluster_key) = edges.other_cluster_key

)

select * from final
{% endmacro %}
