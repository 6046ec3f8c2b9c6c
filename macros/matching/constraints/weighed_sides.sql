{#- The two sides of each decision in numbers, as CTEs: `side_sizes` (records and distinct records of each),
    `pairs_together` (record pairs across that are in one cluster) and `evidence` (what their scored pairs weigh).
    Reads the CTE `thresholds`. -#}
{% macro weighed_sides(decision_sides, copies, clusters, scored_pairs) %}
sides as (

    select
        sides.decision_id,
        sides.side,
        sides.record_id,
        copies.distinct_record_key,
        clusters.cluster_id,
    from {{ decision_sides }} as sides
    inner join {{ copies }} as copies on sides.record_id = copies.record_id
    inner join {{ clusters }} as clusters on sides.record_id = clusters.record_id

),

side_sizes as (

    select
        decision_id,
        countif(side = 'left') as n_left_records,
        countif(side = 'right') as n_right_records,
        count(distinct if(side = 'left', distinct_record_key, null)) as n_left_distinct,
        count(distinct if(side = 'right', distinct_record_key, null)) as n_right_distinct,
    from sides
    group by decision_id

),

-- In how many of their record pairs both are in one cluster.
side_clusters as (

    select
        decision_id,
        cluster_id,
        countif(side = 'left') * countif(side = 'right') as n_pairs_together,
    from sides
    group by decision_id, cluster_id

),

pairs_together as (

    select
        decision_id,
        cast(sum(n_pairs_together) as int64) as n_pairs_together,
    from side_clusters
    group by decision_id

),

distinct_sides as (

    select distinct
        decision_id,
        side,
        distinct_record_key,
    from sides

),

evidence as (

    select
        l.decision_id,
        count(*) as n_scored_pairs,
        {{ exact_sum('greatest(pairs.match_weight - thresholds.lowest_pair_weight, 0.0)') }} as excess_weight,
    from {{ scored_pairs }} as pairs
    cross join thresholds
    inner join distinct_sides as l on pairs.record_key_l = l.distinct_record_key
    inner join distinct_sides as r
        on pairs.record_key_r = r.distinct_record_key and l.decision_id = r.decision_id and l.side != r.side
    group by l.decision_id

)
{% endmacro %}
