{#- Something on both sides of one @ and no white space between: enough to tell an address from a name or a number. -#}
{% macro is_email_address(expression) -%}
    regexp_contains({{ expression }}, r'^\s*[^@\s<>]+@[^@\s<>]+\s*$')
{%- endmacro %}
