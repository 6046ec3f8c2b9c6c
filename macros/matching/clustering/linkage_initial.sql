{#- Round 0 of the clustering: every record with at least one acceptable pair or hard link is a cluster of its own, but
    for those that decisions bind together (`member` rows), and every pair between such clusters that weighs more than
    `lowest_pair_weight` is an edge (`edge` rows). An edge carries what it weighs beyond that, in millionths of a bit,
    because sums of integers come out the same in any order: all other pairs, scored or not, count as the lowest weight.
    What keeps clusters apart goes with them through all merges (`constraint` rows). -#}
{% macro linkage_initial(entity, features, scored_pairs, hard_links, starting_clusters, cannot_links) %}
with

scored_pairs as (

    select * from {{ scored_pairs }}

),

features as (

    select * from {{ features }}

),

thresholds as (

    select * from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

starting_clusters as (

    select * from {{ starting_clusters }}

),

pair_evidence as (

    select
        scored_pairs.record_key_l,
        scored_pairs.record_key_r,
        cast(round((scored_pairs.match_weight - thresholds.lowest_pair_weight) * 1000000) as int64) as excess_weight,
        0 as n_hard_links,
    from scored_pairs
    cross join thresholds
    where scored_pairs.match_weight > thresholds.lowest_pair_weight
    union all
    select
        record_key_l,
        record_key_r,
        0 as excess_weight,
        1 as n_hard_links,
    from {{ hard_links }}

),

edges as (

    select
        least(l.cluster_key, r.cluster_key) as cluster_key,
        greatest(l.cluster_key, r.cluster_key) as other_cluster_key,
        cast(sum(pair_evidence.excess_weight) as int64) as excess_weight,
        cast(sum(pair_evidence.n_hard_links) as int64) as n_hard_links,
    from pair_evidence
    inner join starting_clusters as l on pair_evidence.record_key_l = l.record_key
    inner join starting_clusters as r on pair_evidence.record_key_r = r.record_key
    where l.cluster_key != r.cluster_key
    group by least(l.cluster_key, r.cluster_key), greatest(l.cluster_key, r.cluster_key)

),

constraints as (

    select distinct
        starting_clusters.cluster_key,
        cannot_links.constraint_name,
        cannot_links.constraint_value,
        cannot_links.tolerance,
    from {{ cannot_links }} as cannot_links
    inner join starting_clusters on cannot_links.record_key = starting_clusters.record_key

),

final as (

    select
        'member' as row_type,
        starting_clusters.cluster_key,
        cast(null as int64) as other_cluster_key,
        features.record_key,
        features.exclusive_source,
        cast(null as int64) as part_key,
        cast(null as float64) as bridge_weight,
        cast(null as int64) as excess_weight,
        cast(null as int64) as n_hard_links,
        cast(null as string) as constraint_name,
        cast(null as string) as constraint_value,
        cast(null as int64) as tolerance,
        0 as round,
        cast(null as int64) as n_merges,
        false as is_converged,
    from features
    inner join starting_clusters on features.record_key = starting_clusters.record_key
    union all
    select
        'edge' as row_type,
        cluster_key,
        other_cluster_key,
        cast(null as int64) as record_key,
        cast(null as string) as exclusive_source,
        cast(null as int64) as part_key,
        cast(null as float64) as bridge_weight,
        excess_weight,
        n_hard_links,
        cast(null as string) as constraint_name,
        cast(null as string) as constraint_value,
        cast(null as int64) as tolerance,
        0 as round,
        cast(null as int64) as n_merges,
        false as is_converged,
    from edges
    union all
    select
        'constraint' as row_type,
        cluster_key,
        cast(null as int64) as other_cluster_key,
        cast(null as int64) as record_key,
        cast(null as string) as exclusive_source,
        cast(null as int64) as part_key,
        cast(null as float64) as bridge_weight,
        cast(null as int64) as excess_weight,
        cast(null as int64) as n_hard_links,
        constraint_name,
        constraint_value,
        tolerance,
        0 as round,
        cast(null as int64) as n_merges,
        false as is_converged,
    from constraints

)

select * from final
{% endmacro %}
