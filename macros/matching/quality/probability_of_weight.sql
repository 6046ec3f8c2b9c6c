{#- Probability that belongs to a match weight in bits. -#}
{% macro probability_of_weight(weight) -%}
    1 / (1 + pow(2, -({{ weight }})))
{%- endmacro %}
