-- noqa: disable=LT02
{#- Every value of a golden record has its row of provenance, and every row its value. Fails with those that differ. -#}
{% test provenance_tells_each_golden_value(model, entity) %}
{%- set entity_id = entity ~ '_id' %}
{%- set fields = golden_fields(entity) %}
{%- set names = [] %}
{%- for group in fields.groups.values() %}
    {%- do names.extend(group.columns | list + group.derived | reject('equalto', 'display_name') | list) %}
{%- endfor %}
{%- do names.extend(fields.contacts.values()) %}
with

golden as (

    select
        dimension.{{ entity_id }},
        golden_column.field,
        golden_column.value,
    from {{ ref('dim_persons' if entity == 'person' else 'dim_companies') }} as dimension
    cross join
        unnest([
            {%- for name in names %}
                struct('{{ name }}' as field, cast(dimension.{{ name }} as string) as value)
                {{- ',' if not loop.last }}
            {%- endfor %}
        ]) as golden_column
    where golden_column.value is not null

),

-- A name to show is made up where there is none; then it has no provenance of its own.
provenance as (

    select
        {{ entity_id }},
        field,
        value,
    from {{ model }}
    where field != 'display_name'

)

select
    golden.{{ entity_id }},
    golden.field,
    golden.value,
    provenance.value as provenance_value,
from golden
full outer join provenance
    on
        golden.{{ entity_id }} = provenance.{{ entity_id }}
        and golden.field = provenance.field
where golden.value is distinct from provenance.value

{% endtest %}
