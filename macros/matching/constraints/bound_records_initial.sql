{#- Round 0 of what `same` binds: one row per decision and distinct record, each record by itself. A decision with
    nothing on one side binds nothing. -#}
{% macro bound_records_initial(entity, decision_sides, copies) %}
with

sides as (

    select * from {{ decision_sides }}

),

same_decisions as (

    select sides.decision_id
    from sides
    inner join {{ ref('int_decisions') }} as decisions on sides.decision_id = decisions.decision_id
    where decisions.entity = '{{ entity }}' and decisions.verdict = 'same' and decisions.is_holding
    group by sides.decision_id
    having count(distinct sides.side) = 2

),

final as (

    select distinct
        sides.decision_id,
        copies.distinct_record_key as record_key,
        copies.distinct_record_key as bound_key,
        0 as round,
        false as is_converged,
    from sides
    inner join same_decisions on sides.decision_id = same_decisions.decision_id
    inner join {{ copies }} as copies on sides.record_id = copies.record_id

)

select * from final
{% endmacro %}
