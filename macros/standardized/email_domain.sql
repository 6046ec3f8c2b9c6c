{#- What stands behind the @ of a clean address. -#}
{% macro email_domain(expression) -%}
    regexp_extract({{ expression }}, r'@([^@]+)$')
{%- endmacro %}
