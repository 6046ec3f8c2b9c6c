{#- Kinds of different companies whose records agree for a reason; see person_relations. -#}
{% macro company_relations() %}
    {{ return({
        'branch': ['company_name', 'domain', 'phone', 'postcode', 'city'],
        'neighbour': ['street', 'postcode', 'city', 'phone'],
    }) }}
{% endmacro %}
