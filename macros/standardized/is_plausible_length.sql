{#- True for a text that is no longer than any name, address or number can be: a whole document that slipped into a
    cell is no evidence, and parsing it word by word would hold up the run. -#}
{% macro is_plausible_length(expression) -%}
    length({{ expression }}) <= 500
{%- endmacro %}
