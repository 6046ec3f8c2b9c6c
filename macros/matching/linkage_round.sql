{#- One round of average linkage by reciprocal nearest neighbours (Murtagh 1983, "A survey of recent advances in
    hierarchical clustering algorithms"): clusters that are each other's best neighbour above the threshold merge.
    Average linkage is reducible, so this gives the same clusters as merging the best pair of all one at a time.
    The weight between two clusters is the mean over ALL cross pairs; a pair that was never scored counts as
    `missing_pair_weight`. A hard link wins over everything but a shared source without duplicates, which forbids. -#}
{% macro linkage_round(entity, initial) %}
with previous as (

    select * from {{ initial }}

),

thresholds as (

    select * from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

members as (

    select * from previous
    where row_type = 'member'

),

edges as (

    select * from previous
    where row_type = 'edge'

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
        (
            edges.total_weight
            + thresholds.missing_pair_weight * (l.n_records * r.n_records - edges.n_scored_pairs)
        )
        / (l.n_records * r.n_records) as mean_weight,
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

-- Ties break by the smaller pair of keys, the same for both sides: of equal pairs one is always reciprocal.
best_neighbours as (

    select
        cluster_key,
        neighbour_key,
    from neighbours
    qualify row_number() over (
        partition by cluster_key
        order by
            is_linked desc,
            mean_weight desc,
            least(cluster_key, neighbour_key),
            greatest(cluster_key, neighbour_key)
    ) = 1

),

merges as (

    select
        l.neighbour_key as cluster_key,
        l.cluster_key as merged_key,
    from best_neighbours as l
    inner join best_neighbours as r
        on l.neighbour_key = r.cluster_key and l.cluster_key = r.neighbour_key
    where l.cluster_key < l.neighbour_key

),

relabelled_edges as (

    select
        coalesce(l.merged_key, edges.cluster_key) as cluster_key,
        coalesce(r.merged_key, edges.other_cluster_key) as other_cluster_key,
        edges.total_weight,
        edges.n_scored_pairs,
        edges.n_hard_links,
    from edges
    left join merges as l on edges.cluster_key = l.cluster_key
    left join merges as r on edges.other_cluster_key = r.cluster_key

),

verdict as (

    select
        count(*) = 0 as is_converged,
    from merges

),

next_state as (

    select
        'member' as row_type,
        coalesce(merges.merged_key, members.cluster_key) as cluster_key,
        cast(null as int64) as other_cluster_key,
        members.record_key,
        members.exclusive_source,
        cast(null as float64) as total_weight,
        cast(null as int64) as n_scored_pairs,
        cast(null as int64) as n_hard_links,
    from members
    left join merges on members.cluster_key = merges.cluster_key
    union all
    select
        'edge' as row_type,
        least(cluster_key, other_cluster_key) as cluster_key,
        greatest(cluster_key, other_cluster_key) as other_cluster_key,
        cast(null as int64) as record_key,
        cast(null as string) as exclusive_source,
        sum(total_weight) as total_weight,
        cast(sum(n_scored_pairs) as int64) as n_scored_pairs,
        cast(sum(n_hard_links) as int64) as n_hard_links,
    from relabelled_edges
    where cluster_key != other_cluster_key
    group by least(cluster_key, other_cluster_key), greatest(cluster_key, other_cluster_key)

)

select
    next_state.*,
    (select max(round) from previous) + 1 as round,
    verdict.is_converged,
from next_state
cross join verdict
{% endmacro %}
