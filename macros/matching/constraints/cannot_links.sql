{#- One row per distinct record, constraint and value. Two clusters that both have a value of a constraint, and none in
    common, never merge; with a tolerance, values are numbers, and clusters never merge when it would spread them
    further than that. So a constraint takes as many rows as it has records, however many pairs of them it separates.
    A decision that says `different` or `unsure` is a constraint whose values are its two sides. -#}
{% macro cannot_links(entity, decision_sides, copies, records) %}
with

copies as (

    select * from {{ copies }}

),

records as (

    select * from {{ records }}

),

decided as (

    select distinct
        copies.distinct_record_key as record_key,
        'decision:' || sides.decision_id as constraint_name,
        sides.side as constraint_value,
        cast(null as int64) as tolerance,
    from {{ decision_sides }} as sides
    inner join {{ ref('int_decisions') }} as decisions on sides.decision_id = decisions.decision_id
    inner join copies on sides.record_id = copies.record_id
    where decisions.entity = '{{ entity }}' and decisions.verdict != 'same' and decisions.is_holding

),

hard_conflicts as (

    select * from {{ ref('hard_conflicts') }}
    where entity = '{{ entity }}' and is_on

),

{{ conflicting_values(entity) }},

final as (

    select * from decided
    union all
    select distinct
        farm_fingerprint(conflicting_values.record_id) as record_key,
        conflicting_values.constraint_name,
        conflicting_values.constraint_value,
        conflicting_values.tolerance,
    from conflicting_values

)

select * from final
{% endmacro %}
