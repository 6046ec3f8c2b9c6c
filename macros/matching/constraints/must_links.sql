{#- One row per distinct record that a `same` binds to others, with the smallest record of all that are bound together.
    When a `different` or `unsure` has both its sides among them, somebody is wrong and nobody here knows who: then
    none of them is bound, and `contradicted_by` names those decisions. -#}
{% macro must_links(entity, bound_records, decision_sides, copies) %}
with

bound_records as (

    select distinct
        record_key,
        bound_key,
    from {{ bound_records }}

),

sides_apart as (

    select distinct
        sides.decision_id,
        sides.side,
        bound_records.bound_key,
    from {{ decision_sides }} as sides
    inner join {{ ref('int_decisions') }} as decisions on sides.decision_id = decisions.decision_id
    inner join {{ copies }} as copies on sides.record_id = copies.record_id
    inner join bound_records on copies.distinct_record_key = bound_records.record_key
    where decisions.entity = '{{ entity }}' and decisions.verdict != 'same' and decisions.is_holding

),

contradictions as (

    select
        l.bound_key,
        string_agg(l.decision_id, '|' order by l.decision_id) as contradicted_by,
    from sides_apart as l
    inner join sides_apart as r on l.decision_id = r.decision_id and l.bound_key = r.bound_key
    where l.side = 'left' and r.side = 'right'
    group by l.bound_key

),

final as (

    select
        bound_records.record_key,
        bound_records.bound_key,
        contradictions.contradicted_by,
    from bound_records
    left join contradictions on bound_records.bound_key = contradictions.bound_key

)

select * from final
{% endmacro %}
