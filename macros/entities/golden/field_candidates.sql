{#- SQL of a model: one row per entity, field and record (of contact values, also value) that could give the field, with
    all that a strategy may decide by. -#}
{% macro field_candidates(entity) %}
{%- set fields = golden_fields(entity) %}
{%- set entity_id = entity ~ '_id' %}
with

records as (

    select * from {{ ref('int_' ~ entity ~ '_records') }}

),

written as (

    select * from {{ ref('int_' ~ entity ~ '_written_records') }}

),

contact_values as (

    select * from {{ ref('int_' ~ entity ~ '_contact_values') }}

),

contact_ownership as (

    select * from {{ ref('int_' ~ entity ~ '_contact_ownership') }}

),

described as (

    select
        records.record_id,
        {%- for field, group in fields.groups.items() %}
            {{ joined_texts('written', group.columns, ' ' if field == 'name' else ', ') }} as {{ field }}_value,
            {{ joined_texts('records', group.columns, '|') }} as {{ field }}_matching_value,
            {{ group_completeness(group.columns) }} as {{ field }}_completeness,
        {%- endfor %}
    from records
    inner join written on records.record_id = written.record_id

),

-- Two records agree on a group when all of its parts are equal.
field_groups as (

    select
        described.record_id,
        field_group.field,
        field_group.value,
        field_group.matching_value,
        'own' as ownership,
        field_group.completeness,
    from described
    cross join
        unnest([
            {%- for field in fields.groups %}
                struct(
                    '{{ field }}' as field,
                    described.{{ field }}_value as value,
                    described.{{ field }}_matching_value as matching_value,
                    described.{{ field }}_completeness as completeness
                ){{ ',' if not loop.last }}
            {%- endfor %}
        ]) as field_group
    where field_group.completeness > 0

),

contacts as (

    select
        contact_values.record_id,
        contact_values.field,
        contact_values.value,
        contact_values.matching_value,
        contact_ownership.ownership,
        1 as completeness,
    from contact_values
    inner join contact_ownership
        on
            contact_values.field = contact_ownership.field
            and contact_values.matching_value = contact_ownership.matching_value

),

candidates as (

    select * from field_groups
    union all by name
    select * from contacts

),

final as (

    select
        assignments.{{ entity_id }},
        candidates.field,
        candidates.value,
        candidates.matching_value,
        candidates.ownership,
        candidates.completeness,
        count(*) over (
            partition by assignments.{{ entity_id }}, candidates.field, candidates.matching_value
        ) as n_agreeing_records,
        candidates.record_id,
        records.source_system,
        records.updated_at,
    from candidates
    inner join records on candidates.record_id = records.record_id
    inner join {{ ref(entity ~ '_assignments') }} as assignments on candidates.record_id = assignments.record_id

)

select * from final
{% endmacro %}
