{#- Comments that name models which the materialization reads, not the SQL: a unit test of the model gives no rows for
    them. -#}
{% macro depends_on(names) %}
    {%- if model is not defined or model.resource_type != 'unit_test' -%}
        {%- for name in names -%}
            -- depends_on: {{ ref(name) }}
            {{- '\n' if not loop.last }}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}
