{#- One round: a cluster and a last entity that are each other's best keep together; what they leave stays open. More
    shared records are better, then the older entity, which has the smaller id, then the smaller name of the cluster.
    Both sides order the same way, so the best of all open rows is always kept. -#}
{% macro overlaps_round(entity, initial) %}
with

previous as (

    select * from {{ initial }}

),

ranked as (

    select
        cluster_id,
        {{ entity }}_id,
        n_shared_records,
        row_number() over (
            partition by cluster_id
            order by n_shared_records desc, {{ entity }}_id
        ) as rank_for_cluster,
        row_number() over (
            partition by {{ entity }}_id
            order by n_shared_records desc, cluster_id
        ) as rank_for_entity,
    from previous
    where not is_kept

),

taken as (

    select
        cluster_id,
        {{ entity }}_id,
        n_shared_records,
        rank_for_cluster = 1 and rank_for_entity = 1 as is_kept,
        logical_or(rank_for_cluster = 1 and rank_for_entity = 1) over (partition by cluster_id) as is_cluster_taken,
        logical_or(rank_for_cluster = 1 and rank_for_entity = 1) over (partition by {{ entity }}_id) as is_entity_taken,
    from ranked

),

next_state as (

    select
        cluster_id,
        {{ entity }}_id,
        n_shared_records,
        true as is_kept,
    from previous
    where is_kept
    union all
    select
        cluster_id,
        {{ entity }}_id,
        n_shared_records,
        is_kept,
    from taken
    where is_kept or not (is_cluster_taken or is_entity_taken)

),

verdict as (

    select countif(not is_kept) = 0 as is_converged
    from next_state

),

final as (

    select
        next_state.*,
        (select max(round) from previous) + 1 as round,
        verdict.is_converged,
    from next_state
    cross join verdict

)

select * from final
{% endmacro %}
