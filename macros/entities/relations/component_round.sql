{#- SQL of a model: one round of components. Everybody takes the smallest id that is known around them, then what the
    one of that id has taken, so that long chains need few rounds. It has converged when nobody's group changes. -#}
{% macro component_round(initial, related) %}
with

previous as (

    select * from {{ initial }}

),

related as (

    select * from {{ related }}

),

neighbours as (

    select
        related.id_l as id,
        previous.component_id,
    from related
    inner join previous on related.id_r = previous.id
    union all
    select
        related.id_r as id,
        previous.component_id,
    from related
    inner join previous on related.id_l = previous.id

),

smallest as (

    select
        id,
        min(component_id) as component_id,
    from neighbours
    group by id

),

lowered as (

    select
        previous.id,
        previous.component_id as previous_component_id,
        previous.round,
        least(previous.component_id, smallest.component_id) as component_id,
    from previous
    inner join smallest on previous.id = smallest.id

),

jumped as (

    select
        lowered.id,
        lowered.previous_component_id,
        lowered.round + 1 as round,
        least(lowered.component_id, target.component_id) as component_id,
    from lowered
    inner join lowered as target on lowered.component_id = target.id

),

verdict as (

    select logical_and(component_id = previous_component_id) as is_converged
    from jumped

),

final as (

    select
        jumped.id,
        jumped.component_id,
        jumped.round,
        verdict.is_converged,
    from jumped
    cross join verdict

)

select * from final
{% endmacro %}
