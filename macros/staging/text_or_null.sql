{#- Text without white space at its ends; null when nothing is left. The characters are named because trim() alone takes
    spaces only in the local warehouse; a regular expression would take ten times as long. -#}
{% macro text_or_null(expression) -%}
    nullif(trim({{ expression }}, ' \t\n\f\r'), '')
{%- endmacro %}
