{#- A text of an analysis that somebody fills in; `concord explain` and `concord show` put a parameter there. -#}
{% macro fill_in(name) -%}
    'fill in: {{ name }}'
{%- endmacro %}
