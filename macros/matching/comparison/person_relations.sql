{#- Kinds of different people whose records agree for a reason, and the comparisons that the reason explains.
    The shares stand in the seed related_pairs. -#}
{% macro person_relations() %}
    {{ return({
        'household': [
            'given_name', 'family_name', 'email', 'phone', 'identifier', 'date_of_birth', 'street', 'postcode', 'city',
        ],
        'colleague': ['company', 'phone', 'street', 'postcode', 'city'],
    }) }}
{% endmacro %}
