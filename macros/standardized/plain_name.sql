{#- A part of a parsed name without the parser's signs (~ , -). Null when empty. -#}
{% macro plain_name(expression) -%}
    nullif(trim(regexp_replace({{ expression }}, r'[ ~,-]+', ' '), ' '), '')
{%- endmacro %}
