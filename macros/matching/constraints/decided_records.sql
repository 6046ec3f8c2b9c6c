{#- One row per record that a decision is about. `decided_as` names the decisions that hold and its side in each:
    records that say the same are copies of one only where it is the same, so that what holds for a distinct record
    holds for each of its copies, and for no other record. -#}
{% macro decided_records(entity, decision_sides) %}
with

sides as (

    select * from {{ decision_sides }}

),

decisions as (

    select * from {{ ref('int_decisions') }}
    where entity = '{{ entity }}'

),

final as (

    select
        sides.record_id,
        max(decisions.decided_at) as decided_at,
        string_agg(
            if(decisions.is_holding, sides.decision_id || ':' || sides.side, null), '|'
            order by sides.decision_id, sides.side
        ) as decided_as,
    from sides
    inner join decisions on sides.decision_id = decisions.decision_id
    group by sides.record_id

)

select * from final
{% endmacro %}
