{#- The company model: its comparisons, in reading order; see person_model. Branches of a chain share name and web domain,
    neighbours share a street. -#}
{% macro company_model() %}
    {{ return([
        {
            'name': 'company_name',
            'term_frequency': 'company_name',
            'explained_by': {'branch': 0.9},
        },
        {
            'name': 'domain',
            'slots': ['domain_1', 'domain_2', 'domain_3'],
            'explained_by': {'branch': 0.9},
        },
        {
            'name': 'phone',
            'slots': ['phone_1', 'phone_2', 'phone_3', 'shared_phone_1', 'shared_phone_2'],
            'explained_by': {'branch': 0.7, 'neighbour': 0.3},
        },
        {
            'name': 'identifier',
            'slots': ['identifier_1', 'identifier_2', 'identifier_3'],
        },
        {
            'name': 'street',
            'explained_by': {'neighbour': 0.9},
        },
        {
            'name': 'postcode',
            'term_frequency': 'postcode',
            'explained_by': {'branch': 0.5, 'neighbour': 0.95},
        },
        {
            'name': 'city',
            'term_frequency': 'city',
            'explained_by': {'branch': 0.5, 'neighbour': 0.95},
        },
    ]) }}
{% endmacro %}
