{#- What stands before the @ of a clean address. -#}
{% macro email_local_part(expression) -%}
    regexp_extract({{ expression }}, r'^([^@]+)@')
{%- endmacro %}
