{#- What the pairs of each record with the rest of its cluster weigh together, as CTEs ending in `evidence`; copies
    count as often as they stand there. Reads the CTEs `clusters`, `scored_pairs`, `scored_copies` and `thresholds`;
    part of record_support, which reads `rows_of_clusters` too. -#}
{% macro pairs_inside_clusters() %}
-- How many copies of each distinct record a cluster holds; a copy that was not accepted as one is a cluster of its
-- own.
rows_of_clusters as (

    select
        cluster_key,
        distinct_record_key as record_key,
        count(*) as n_copies,
    from clusters
    group by cluster_key, distinct_record_key

),

pairs_of_clusters as (

    select
        l.cluster_key,
        scored_pairs.record_key_l,
        scored_pairs.record_key_r,
        l.n_copies as n_copies_l,
        r.n_copies as n_copies_r,
        greatest(scored_pairs.match_weight, thresholds.lowest_pair_weight) as match_weight,
        scored_pairs.match_probability,
    from scored_pairs
    cross join thresholds
    inner join rows_of_clusters as l on scored_pairs.record_key_l = l.record_key
    inner join rows_of_clusters as r on scored_pairs.record_key_r = r.record_key and l.cluster_key = r.cluster_key

),

-- A record has a pair with each copy of another one, and with each further copy of itself.
sides as (

    select
        cluster_key,
        record_key_l as record_key,
        n_copies_r as n_pairs,
        match_weight,
        match_probability,
    from pairs_of_clusters
    union all
    select
        cluster_key,
        record_key_r as record_key,
        n_copies_l as n_pairs,
        match_weight,
        match_probability,
    from pairs_of_clusters
    union all
    select
        rows_of_clusters.cluster_key,
        rows_of_clusters.record_key,
        rows_of_clusters.n_copies - 1 as n_pairs,
        greatest(scored_copies.match_weight, thresholds.lowest_pair_weight) as match_weight,
        scored_copies.match_probability,
    from rows_of_clusters
    inner join scored_copies on rows_of_clusters.record_key = scored_copies.record_key_l
    cross join thresholds
    where rows_of_clusters.n_copies > 1

),

evidence as (

    select
        cluster_key,
        record_key,
        cast(sum(n_pairs) as int64) as n_scored_pairs,
        {{ exact_sum('n_pairs * match_weight') }} as total_weight,
        max(match_weight) as best_weight,
        {{ exact_sum('n_pairs * match_probability') }} as total_probability,
    from sides
    group by cluster_key, record_key

)
{% endmacro %}
