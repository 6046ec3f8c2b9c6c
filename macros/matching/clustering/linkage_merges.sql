{#- SQL of a model: the merges of one round of average linkage (cluster_key -> merged_key, and what joined them, null
    for a link of a source): clusters that are each other's best neighbour above the threshold. A hard link wins over
    everything but what keeps clusters apart. -#}
{% macro linkage_merges(entity, linkage) %}
with

{{ linkage_rows(linkage) }},

{{ linkage_candidates(entity) }},

acceptable_edges as (

    select candidate_edges.*
    from candidate_edges
    left join kept_apart
        on
            candidate_edges.cluster_key = kept_apart.cluster_key
            and candidate_edges.other_cluster_key = kept_apart.other_cluster_key
    where kept_apart.cluster_key is null

),

neighbours as (

    select
        side.cluster_key,
        side.neighbour_key,
        acceptable_edges.mean_weight,
        acceptable_edges.n_hard_links > 0 as is_linked,
    from acceptable_edges
    cross join unnest([
        struct(acceptable_edges.cluster_key as cluster_key, acceptable_edges.other_cluster_key as neighbour_key),
        struct(acceptable_edges.other_cluster_key as cluster_key, acceptable_edges.cluster_key as neighbour_key)
    ]) as side

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
        greatest(cluster_key, neighbour_key) as cluster_key,
        least(cluster_key, neighbour_key) as merged_key,
        any_value(bridge_weight) as bridge_weight,
    from best_neighbours
    group by greatest(cluster_key, neighbour_key), least(cluster_key, neighbour_key)
    having count(*) = 2

)

select * from merges
{% endmacro %}
