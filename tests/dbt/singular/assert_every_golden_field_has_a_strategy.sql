{#- Every field that survives has a first strategy, its steps have no gap, and no row names a field that does not. -#}
with

fields as (

    {% for entity in ['person', 'company'] %}
        {% set outer_loop = loop %}
        {% set fields = golden_fields(entity) %}
        {% for field in fields.groups | list + fields.contacts | list %}
            {% if not (loop.first and outer_loop.first) %}union all{% endif %}
            select
                '{{ entity }}' as entity,
                '{{ field }}' as field,
        {% endfor %}
    {% endfor %}

),

steps as (

    select
        entity,
        field,
        count(*) as n_steps,
        max(step) as last_step,
    from {{ ref('survivorship_strategies') }}
    group by entity, field

)

select
    coalesce(fields.entity, steps.entity) as entity,
    coalesce(fields.field, steps.field) as field,
    steps.n_steps,
    steps.last_step,
from fields
full outer join steps
    on
        fields.entity = steps.entity
        and fields.field = steps.field
where fields.field is null or steps.field is null or steps.n_steps != steps.last_step
