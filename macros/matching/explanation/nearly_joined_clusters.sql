{#- Pairs of clusters that a little more evidence would join, as CTEs ending in `nearly_joined`. What they weigh is the
    mean over all their pairs, as the clustering ended with it. It knows no edge of records that have no acceptable
    pair: then the strongest pair is all there is, and no other pair is counted higher than the lowest weight.
    Where a source without duplicates forbids, more evidence would change nothing. Reads the CTEs `records`,
    `scored_pairs` and `thresholds`; part of review_cases. -#}
{% macro nearly_joined_clusters(linkage) %}
strongest_pairs as (

    select
        scored_pairs.record_key_l,
        scored_pairs.record_key_r,
        scored_pairs.record_id_l,
        scored_pairs.record_id_r,
        scored_pairs.rule_mask,
        scored_pairs.match_weight,
        l.cluster_key as cluster_key_l,
        r.cluster_key as cluster_key_r,
        l.n_records as n_records_l,
        r.n_records as n_records_r,
    from scored_pairs
    cross join thresholds
    inner join records as l on scored_pairs.record_key_l = l.record_key
    inner join records as r on scored_pairs.record_key_r = r.record_key
    where
        scored_pairs.match_weight > thresholds.accept_weight - thresholds.review_range
        and l.cluster_key != r.cluster_key
    qualify row_number() over (
        partition by least(l.cluster_key, r.cluster_key), greatest(l.cluster_key, r.cluster_key)
        order by scored_pairs.match_weight desc, scored_pairs.record_key_l, scored_pairs.record_key_r
    ) = 1

),

cluster_facts as (

    select
        cluster_key,
        count(*) as n_distinct_records,
        array_agg(distinct exclusive_source ignore nulls) as exclusive_sources,
    from records
    group by cluster_key

),

measured_pairs as (

    select
        strongest_pairs.*,
        strongest_pairs.cluster_key_l as side_key_l,
        strongest_pairs.cluster_key_r as side_key_r,
        coalesce(
            thresholds.lowest_pair_weight
            + edges.excess_weight / (1000000 * l.n_distinct_records * r.n_distinct_records),
            least(
                strongest_pairs.match_weight,
                thresholds.lowest_pair_weight
                + (strongest_pairs.match_weight - thresholds.lowest_pair_weight)
                / (l.n_distinct_records * r.n_distinct_records)
            )
        ) as border_weight,
        thresholds.accept_weight,
        thresholds.review_range,
    from strongest_pairs
    cross join thresholds
    inner join cluster_facts as l on strongest_pairs.cluster_key_l = l.cluster_key
    inner join cluster_facts as r on strongest_pairs.cluster_key_r = r.cluster_key
    left join (select * from {{ linkage }} where row_type = 'edge') as edges
        on
            least(strongest_pairs.cluster_key_l, strongest_pairs.cluster_key_r) = edges.cluster_key
            and greatest(strongest_pairs.cluster_key_l, strongest_pairs.cluster_key_r) = edges.other_cluster_key
    where
        not exists (
            select 1
            from unnest(l.exclusive_sources) as exclusive_source
            where exclusive_source in unnest(r.exclusive_sources)
        )

),

nearly_joined as (

    select
        'join' as question,
        {{ review_case_columns() }},
        accept_weight - border_weight as distance,
    from measured_pairs
    where border_weight <= accept_weight and border_weight > accept_weight - review_range

)
{% endmacro %}
