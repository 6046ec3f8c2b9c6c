{#- An empty list of typed identifiers, for sources that have none. -#}
{% macro no_identifiers() -%}
    cast([] as array<struct<type string, value string>>)
{%- endmacro %}
