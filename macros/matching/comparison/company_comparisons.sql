{#- The comparisons of the company model, in reading order; see person_comparisons. -#}
{% macro company_comparisons() %}
    {{ return(['company_name', 'domain', 'phone', 'identifier', 'street', 'postcode', 'city']) }}
{% endmacro %}
