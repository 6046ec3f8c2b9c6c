{{ config(tags=['development']) }}

-- The union of all sources would lose a column that no record of its kind has: a wrong name, mostly.
{% set unknown = [] %}
{% for kind, shape in record_shapes().items() %}
    {% for source, declared in enabled_sources().items() if kind in declared.gives %}
        {% set model = ref('int_' ~ source ~ '__' ~ kind) %}
        {% if execute %}
            {% for column in adapter.get_columns_in_relation(model) if column.name not in shape %}
                {% do unknown.append(model.identifier ~ '.' ~ column.name) %}
            {% endfor %}
        {% endif %}
    {% endfor %}
{% endfor %}
select unknown_column
from unnest(cast({{ unknown | tojson }} as array<string>)) as unknown_column
