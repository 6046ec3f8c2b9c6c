{#- The company model: its comparisons, in reading order; see person_model. Branches of a chain share name and web
    domain, neighbours share a street. -#}
{% macro company_model() %}
    {%- set identifiers = [
        'identifier_1', 'identifier_2', 'identifier_3',
    ] -%}
    {{ return([
        {
            'name': 'company_name',
            'level': compare_company_name('l', 'r', 'name_pairs'),
            'term_frequency': 'company_name',
            'is_chosen_unique': true,
            'is_bounded': true,
            'frequency': 'greatest(l.company_name_frequency, r.company_name_frequency)',
            'explained_by': {'branch': 0.9},
        },
        {
            'name': 'domain',
            'level': compare_domain('l', 'r'),
            'slots': ['domain_1', 'domain_2', 'domain_3'],
            'identifies': ['domain_1'],
            'explained_by': {'branch': 0.9},
        },
        {
            'name': 'phone',
            'level': compare_phone('l', 'r', 'pairs.rule_mask & contact_rules.phone_mask != 0'),
            'slots': ['phone_1', 'phone_2', 'phone_3', 'shared_phone_1', 'shared_phone_2'],
            'identifies': ['phone_1'],
            'explained_by': {'branch': 0.7, 'neighbour': 0.3},
        },
        {
            'name': 'identifier',
            'level': compare_identifier('l', 'r', identifiers),
            'slots': identifiers,
            'identifies': identifiers,
        },
        {
            'name': 'street',
            'level': compare_business_street('l', 'r'),
            'explained_by': {'neighbour': 0.9},
        },
        {
            'name': 'postcode',
            'level': compare_postcode('l', 'r'),
            'term_frequency': 'postcode',
            'explained_by': {'branch': 0.5, 'neighbour': 0.95},
        },
        {
            'name': 'city',
            'level': compare_city('l', 'r'),
            'term_frequency': 'city',
            'explained_by': {'branch': 0.5, 'neighbour': 0.95},
        },
    ]) }}
{% endmacro %}
