{#- Comparison -> the level on which its weight is adjusted for how common the agreed value is. -#}
{% macro company_term_frequency_levels() %}
    {{ return({'company_name': 5, 'postcode': 3, 'city': 2}) }}
{% endmacro %}
