-- noqa: disable=LT02
{#- The linter takes the head of a test for an indent where no SQL follows it. -#}
{#- What belongs together comes from one record: for each group of fields of a golden record, one of its records says
    just the same. Fails with the entities and groups where values of several records were mixed. -#}
{% test golden_groups_come_from_one_record(model, entity) %}

{{ config(tags=['development']) }}
{%- set entity_id = entity ~ '_id' %}
with

golden as (

    select * from {{ model }}

),

records as (

    select
        assignments.{{ entity_id }},
        written.*,
    from {{ ref(entity ~ '_assignments') }} as assignments
    inner join {{ ref('int_' ~ entity ~ '_written_records') }} as written
        on assignments.record_id = written.record_id

),

compared as (

    {% for field, group in golden_fields(entity).groups.items() %}
        {% if not loop.first %}union all{% endif %}
        select
            golden.{{ entity_id }},
            '{{ field }}' as field,
            cast(countif(
                {%- for column in group.columns %}
                    golden.{{ column }} is not distinct from records.{{ column }}
                    {{ 'and' if not loop.last }}
                {%- endfor %}
            ) as int64) as n_records_that_say_so,
        from golden
        left join records on golden.{{ entity_id }} = records.{{ entity_id }}
        where
            {%- for column in group.columns %}
                golden.{{ column }} is not null
                {{ 'or' if not loop.last }}
            {%- endfor %}
        group by golden.{{ entity_id }}
    {% endfor %}

)

select *
from compared
where n_records_that_say_so = 0

{% endtest %}
