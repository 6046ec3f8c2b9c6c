{#- Text without its spaces, to compare names that one side writes as one word. -#}
{% macro without_spaces(expression) -%}
    replace({{ expression }}, ' ', '')
{%- endmacro %}
