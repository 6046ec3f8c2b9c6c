{#- Text without white space at its ends; null when nothing is left.
    Not trim(), which takes blanks alone in the local warehouse. -#}
{% macro text_or_null(expression) -%}
    nullif(regexp_replace({{ expression }}, r'^\s+|\s+$', ''), '')
{%- endmacro %}
