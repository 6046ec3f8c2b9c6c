{#- The pairs of clusters that one round of average linkage may merge, and those of them that something keeps apart, as
    CTEs ending in `candidate_edges` and `kept_apart` (cluster_key, other_cluster_key, constraint_name). The weight
    between two clusters is the mean over ALL cross pairs, none counted lower than `lowest_pair_weight`. Apart stay
    clusters with a record each of one source without duplicates, and those of which both have a value of a
    constraint (cannot_links) and none in common, or values that together spread further than its tolerance; values
    that a decision bound together before may not spread any further. Reads the CTEs `members`, `edges` and
    `constraints`. -#}
{% macro linkage_candidates(entity) %}
thresholds as (

    select * from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

cluster_sizes as (

    select
        cluster_key,
        count(*) as n_records,
    from members
    group by cluster_key

),

mean_weights as (

    select
        edges.cluster_key,
        edges.other_cluster_key,
        edges.n_hard_links,
        thresholds.lowest_pair_weight + edges.excess_weight / (1000000 * l.n_records * r.n_records) as mean_weight,
        thresholds.accept_weight,
    from edges
    inner join cluster_sizes as l on edges.cluster_key = l.cluster_key
    inner join cluster_sizes as r on edges.other_cluster_key = r.cluster_key
    cross join thresholds

),

candidate_edges as (

    select * from mean_weights
    where mean_weight > accept_weight or n_hard_links > 0

),

exclusive_edges as (

    select distinct
        candidate_edges.cluster_key,
        candidate_edges.other_cluster_key,
        'exclusive_source:' || l.exclusive_source as constraint_name,
    from candidate_edges
    inner join members as l
        on candidate_edges.cluster_key = l.cluster_key
    inner join members as r
        on candidate_edges.other_cluster_key = r.cluster_key and l.exclusive_source = r.exclusive_source

),

shared_constraints as (

    select
        candidate_edges.cluster_key,
        candidate_edges.other_cluster_key,
        l.constraint_name,
        logical_or(l.constraint_value = r.constraint_value) as has_common_value,
        max(l.tolerance) as tolerance,
        min(safe_cast(l.constraint_value as int64)) as least_l,
        max(safe_cast(l.constraint_value as int64)) as greatest_l,
        min(safe_cast(r.constraint_value as int64)) as least_r,
        max(safe_cast(r.constraint_value as int64)) as greatest_r,
    from candidate_edges
    inner join constraints as l
        on candidate_edges.cluster_key = l.cluster_key
    inner join constraints as r
        on candidate_edges.other_cluster_key = r.cluster_key and l.constraint_name = r.constraint_name
    group by candidate_edges.cluster_key, candidate_edges.other_cluster_key, l.constraint_name

),

kept_apart as (

    select
        cluster_key,
        other_cluster_key,
        constraint_name,
    from exclusive_edges
    union all
    select
        cluster_key,
        other_cluster_key,
        constraint_name,
    from shared_constraints
    where
        if(
            tolerance is null,
            not has_common_value,
            greatest(greatest_l, greatest_r) - least(least_l, least_r)
            > greatest(tolerance, greatest_l - least_l, greatest_r - least_r)
        )

)
{% endmacro %}
