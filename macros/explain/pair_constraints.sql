{#- Statement, one row per decision or conflict that is about the clusters of both records: what was decided, or which
    values of each side exclude one another. -#}
{% macro pair_constraints(entity) %}
with

{{ asked_pair(entity) }},

constrained as (

    select
        constraints.constraint_name,
        constraints.constraint_value,
        constraints.tolerance,
        logical_or(sides.side = 'left') as is_left,
        logical_or(sides.side = 'right') as is_right,
    from sides
    inner join records on sides.cluster_key = records.cluster_key
    inner join {{ ref('int_' ~ entity ~ '_cannot_links') }} as constraints
        on records.record_key = constraints.record_key
    group by constraints.constraint_name, constraints.constraint_value, constraints.tolerance

),

excluding as (

    select
        constraint_name,
        string_agg(if(is_left, constraint_value, null), ', ' order by constraint_value) as left_values,
        string_agg(if(is_right, constraint_value, null), ', ' order by constraint_value) as right_values,
    from constrained
    group by constraint_name
    having
        logical_or(is_left)
        and logical_or(is_right)
        and not logical_or(is_left and is_right)
        and coalesce(
            max(safe_cast(constraint_value as int64)) - min(safe_cast(constraint_value as int64)) > max(tolerance), true
        )

),

bound as (

    select
        'same' as constraint_name,
        cast(null as string) as left_values,
        cast(null as string) as right_values,
    from sides
    inner join {{ ref('int_' ~ entity ~ '_must_links') }} as links on sides.record_key = links.record_key
    group by links.bound_key
    having count(distinct sides.side) = 2 and logical_and(links.contradicted_by is null)

),

found as (

    select * from excluding
    union all
    select * from bound

),

final as (

    select
        found.*,
        decisions.verdict,
        decisions.decided_by,
        decisions.decided_at,
        decisions.reason as decision_reason,
    from found
    left join {{ ref('int_decisions') }} as decisions
        on found.constraint_name = 'decision:' || decisions.decision_id

)

select * from final
{% endmacro %}
