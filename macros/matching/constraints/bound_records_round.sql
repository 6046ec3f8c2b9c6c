{#- One round of connected components over the decisions that say `same`: a record, and the one that it points to, point
    to the smallest record that anybody in one of its decisions points to, two steps far (Zhang, Azad and Hu 2020,
    "FastSV"). A chain of any number of decisions takes about the logarithm of their number in rounds. -#}
{% macro bound_records_round(initial) %}
with

previous as (

    select * from {{ initial }}

),

pointers as (

    select distinct
        record_key,
        bound_key,
    from previous

),

roots as (

    select
        pointers.record_key,
        roots.bound_key as root_key,
    from pointers
    inner join pointers as roots on pointers.bound_key = roots.record_key

),

decision_roots as (

    select
        previous.decision_id,
        min(roots.root_key) as root_key,
    from previous
    inner join roots on previous.record_key = roots.record_key
    group by previous.decision_id

),

proposals as (

    select
        previous.record_key,
        decision_roots.root_key,
    from previous
    inner join decision_roots on previous.decision_id = decision_roots.decision_id
    union all
    select
        previous.bound_key as record_key,
        decision_roots.root_key,
    from previous
    inner join decision_roots on previous.decision_id = decision_roots.decision_id

),

next_pointers as (

    select
        record_key,
        min(root_key) as bound_key,
    from proposals
    group by record_key

),

verdict as (

    select coalesce(logical_and(pointers.bound_key = next_pointers.bound_key), true) as is_converged
    from pointers
    inner join next_pointers on pointers.record_key = next_pointers.record_key

),

final as (

    select
        previous.decision_id,
        previous.record_key,
        next_pointers.bound_key,
        previous.round + 1 as round,
        verdict.is_converged,
    from previous
    inner join next_pointers on previous.record_key = next_pointers.record_key
    cross join verdict

)

select * from final
{% endmacro %}
