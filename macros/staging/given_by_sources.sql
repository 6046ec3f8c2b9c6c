{#-
    What the enabled sources give of a kind, one below the other. A source's model has the columns that the source knows
    something of; the others are filled in here.
-#}
{% macro given_by_sources(kind) %}
    {% set shape = record_shapes()[kind] %}
    select
        {% for column, nothing in shape.items() %}
            {% if nothing.startswith('cast(null') %}
                {{ column }},
            {% else %}
                coalesce({{ column }}, {{ nothing }}) as {{ column }},
            {% endif %}
        {% endfor %}
    from (
        select *
        from (
            select
                {% for column, nothing in shape.items() %}
                    {{ nothing }} as {{ column }}{{ ',' if not loop.last }}
                {% endfor %}
            limit 0
        ) as shape
        {% for source, declared in enabled_sources().items() if kind in declared.gives %}
            full union all by name
            select * from {{ ref('int_' ~ source ~ '__' ~ kind) }}
        {% endfor %}
    ) as given
{% endmacro %}
