{#- Text as its source wrote it, with single spaces: case, accents, signs and script stay. Null when empty. -#}
{% macro text_as_written(expression) -%}
    nullif(trim(regexp_replace({{ expression }}, r'[\s\p{Z}]+', ' '), ' '), '')
{%- endmacro %}
