{#- Comparison -> the level on which its weight is adjusted for how common the agreed value is. -#}
{% macro person_term_frequency_levels() %}
    {{ return({'given_name': 5, 'family_name': 5, 'postcode': 3, 'city': 2, 'company': 2, 'job_title': 2}) }}
{% endmacro %}
