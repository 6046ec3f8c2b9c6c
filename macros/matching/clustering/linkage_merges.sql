{#- The merges of one round of average linkage, as CTEs ending in `merges` (cluster_key -> merged_key, and what
    joined them, null for a link of a source): clusters that
    are each other's best neighbour above the threshold. The weight between two clusters is the mean over ALL cross
    pairs, none counted lower than `lowest_pair_weight`. A hard link wins over everything but a shared source without
    duplicates, which forbids. Reads the CTEs `members` and `edges`. -#}
{% macro linkage_merges(entity) %}
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

forbidden_edges as (

    select distinct
        edges.cluster_key,
        edges.other_cluster_key,
    from edges
    inner join members as l
        on edges.cluster_key = l.cluster_key
    inner join members as r
        on edges.other_cluster_key = r.cluster_key and l.exclusive_source = r.exclusive_source

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

acceptable_edges as (

    select mean_weights.*
    from mean_weights
    left join forbidden_edges
        on
            mean_weights.cluster_key = forbidden_edges.cluster_key
            and mean_weights.other_cluster_key = forbidden_edges.other_cluster_key
    where
        forbidden_edges.cluster_key is null
        and (mean_weights.mean_weight > mean_weights.accept_weight or mean_weights.n_hard_links > 0)

),

neighbours as (

    select
        cluster_key,
        other_cluster_key as neighbour_key,
        mean_weight,
        n_hard_links > 0 as is_linked,
    from acceptable_edges
    union all
    select
        other_cluster_key as cluster_key,
        cluster_key as neighbour_key,
        mean_weight,
        n_hard_links > 0 as is_linked,
    from acceptable_edges

),

-- Ties break by a hash of the pair, the same for both sides: of equal pairs one is always reciprocal. Keys are
-- fingerprints, so their difference in bits is such a hash (read as a number without sign), and every record of a group
-- of equals has another favourite: about half of them merge in each round.
best_neighbours as (

    select
        cluster_key,
        neighbour_key,
        if(is_linked, null, mean_weight) as bridge_weight,
    from neighbours
    qualify row_number() over (
        partition by cluster_key
        order by
            is_linked desc,
            mean_weight desc,
            (cluster_key ^ neighbour_key) < 0,
            cluster_key ^ neighbour_key
    ) = 1

),

merges as (

    select
        l.neighbour_key as cluster_key,
        l.cluster_key as merged_key,
        l.bridge_weight,
    from best_neighbours as l
    inner join best_neighbours as r
        on l.neighbour_key = r.cluster_key and l.cluster_key = r.neighbour_key
    where l.cluster_key < l.neighbour_key

)
{% endmacro %}
