{#- One round of average linkage by reciprocal nearest neighbours (Murtagh 1983, "A survey of recent advances in
    hierarchical clustering algorithms"). Average linkage is reducible, so merging all reciprocal pairs of a round at
    once gives the same clusters as merging the best pair of all, one at a time. -#}
{% macro linkage_round(initial, merges) %}
with

merges as (

    select * from {{ merges }}

),

{{ linkage_rows(initial) }},

-- Both sides of every merge.
merging_clusters as (

    select
        side as cluster_key,
        merges.merged_key,
        merges.bridge_weight,
    from merges
    cross join unnest([merges.cluster_key, merges.merged_key]) as side

),

relabelled_edges as (

    select
        coalesce(l.merged_key, edges.cluster_key) as cluster_key,
        coalesce(r.merged_key, edges.other_cluster_key) as other_cluster_key,
        edges.excess_weight,
        edges.n_hard_links,
    from edges
    left join merges as l on edges.cluster_key = l.cluster_key
    left join merges as r on edges.other_cluster_key = r.cluster_key

),

verdict as (

    select
        progress.round,
        counted.n_merges,
        counted.n_merges = 0 as is_converged,
    from (select max(round) + 1 as round from linkage) as progress
    cross join (select count(*) as n_merges from merges) as counted

),

next_state as (

    select
        'member' as row_type,
        coalesce(merging_clusters.merged_key, members.cluster_key) as cluster_key,
        cast(null as int64) as other_cluster_key,
        members.record_key,
        members.exclusive_source,
        -- Heights of average linkage never rise, so the last merge is the weakest bridge of a cluster.
        if(merging_clusters.cluster_key is null, members.part_key, members.cluster_key) as part_key,
        if(
            merging_clusters.cluster_key is null, members.bridge_weight, merging_clusters.bridge_weight
        ) as bridge_weight,
        cast(null as int64) as excess_weight,
        cast(null as int64) as n_hard_links,
        cast(null as string) as constraint_name,
        cast(null as string) as constraint_value,
        cast(null as int64) as tolerance,
    from members
    left join merging_clusters on members.cluster_key = merging_clusters.cluster_key
    union all
    select
        'edge' as row_type,
        least(cluster_key, other_cluster_key) as cluster_key,
        greatest(cluster_key, other_cluster_key) as other_cluster_key,
        cast(null as int64) as record_key,
        cast(null as string) as exclusive_source,
        cast(null as int64) as part_key,
        cast(null as float64) as bridge_weight,
        cast(sum(excess_weight) as int64) as excess_weight,
        cast(sum(n_hard_links) as int64) as n_hard_links,
        cast(null as string) as constraint_name,
        cast(null as string) as constraint_value,
        cast(null as int64) as tolerance,
    from relabelled_edges
    where cluster_key != other_cluster_key
    group by least(cluster_key, other_cluster_key), greatest(cluster_key, other_cluster_key)
    union all
    select distinct
        'constraint' as row_type,
        coalesce(merges.merged_key, constraints.cluster_key) as cluster_key,
        cast(null as int64) as other_cluster_key,
        cast(null as int64) as record_key,
        cast(null as string) as exclusive_source,
        cast(null as int64) as part_key,
        cast(null as float64) as bridge_weight,
        cast(null as int64) as excess_weight,
        cast(null as int64) as n_hard_links,
        constraints.constraint_name,
        constraints.constraint_value,
        constraints.tolerance,
    from constraints
    left join merges on constraints.cluster_key = merges.cluster_key

),

final as (

    select
        next_state.*,
        verdict.round,
        verdict.n_merges,
        verdict.is_converged,
    from next_state
    cross join verdict

)

select * from final
{% endmacro %}
