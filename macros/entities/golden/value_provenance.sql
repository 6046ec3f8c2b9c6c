{#- SQL of a model: one row per entity and column of its golden record that has a value, with the record that gives it
    and the rule that decided. -#}
{% macro value_provenance(entity) %}
{%- set fields = golden_fields(entity) %}
{%- set entity_id = entity ~ '_id' %}
with

survivors as (

    select * from {{ ref('int_' ~ entity ~ '_survivors') }}

),

written as (

    select * from {{ ref('int_' ~ entity ~ '_written_records') }}

),

columns_of_survivors as (

    select
        survivors.{{ entity_id }},
        golden_column.field,
        survivors.field as field_group,
        golden_column.value,
        survivors.record_id,
        survivors.source_system,
        survivors.rule,
        survivors.updated_at,
    from survivors
    inner join written on survivors.record_id = written.record_id
    cross join
        unnest([
            {%- for field, group in fields.groups.items() %}
                {%- for column in group.derived + group.columns | list %}
                    struct(
                        '{{ field }}' as field_group,
                        '{{ column }}' as field,
                        cast(written.{{ column }} as string) as value
                    ),
                {%- endfor %}
            {%- endfor %}
            {%- for field, column in fields.contacts.items() %}
                struct(
                    '{{ field }}' as field_group, '{{ column }}' as field, survivors.value as value
                ){{ ',' if not loop.last }}
            {%- endfor %}
        ]) as golden_column
    where survivors.field = golden_column.field_group

),

final as (

    select *
    from columns_of_survivors
    where value is not null

)

select * from final
{% endmacro %}
