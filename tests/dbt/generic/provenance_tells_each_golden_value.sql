-- noqa: disable=LT02
{#- The linter does not know the list of columns, and takes what an empty one leaves for an indent. -#}
{#- Every value of a golden record has its row of provenance, and every row its value. Fails with those that differ. -#}
{% test provenance_tells_each_golden_value(model, entity) %}

{{ config(tags=['development']) }}
with

golden as (

    select
        dimension.{{ entity }}_id,
        golden_column.field,
        golden_column.value,
    from {{ ref('dim_persons' if entity == 'person' else 'dim_companies') }} as dimension, unnest([
        {%- for name in golden_columns(entity) %}
            struct('{{ name }}' as field, cast(dimension.{{ name }} as string) as value){{ ',' if not loop.last }}
        {%- endfor %}
    ]) as golden_column
    where golden_column.value is not null

),

-- A name to show is made up where there is none; then it has no provenance of its own.
provenance as (

    select
        {{ entity }}_id,
        field,
        value,
    from {{ model }}
    where field != 'display_name'

)

select
    golden.{{ entity }}_id,
    golden.field,
    golden.value,
    provenance.value as provenance_value,
from golden
full outer join provenance
    on
        golden.{{ entity }}_id = provenance.{{ entity }}_id
        and golden.field = provenance.field
where golden.value is distinct from provenance.value

{% endtest %}
