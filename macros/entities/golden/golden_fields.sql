{#- The fields of an entity that survive, each with its columns: what belongs together survives together. A group says
    what a filled column counts for its completeness, and which columns follow from the group's; of contact values each
    survives alone, as the golden column that is named here. -#}
{% macro golden_fields(entity) -%}
    {%- set address = {
        'columns': {'street': 3, 'city': 2, 'region': 1, 'postcode': 2, 'country': 1}, 'derived': []
    } -%}
    {{- return({
        'person': {
            'groups': {
                'name': {
                    'columns': {'given_name': 2, 'middle_name': 1, 'family_name': 4, 'name_suffix': 0},
                    'derived': ['display_name', 'full_name'],
                },
                'date_of_birth': {'columns': {'date_of_birth': 1}, 'derived': []},
                'job': {'columns': {'job_title': 1, 'company_name': 1}, 'derived': []},
                'address': address,
            },
            'contacts': {'email': 'primary_email', 'phone': 'primary_phone'},
        },
        'company': {
            'groups': {
                'name': {'columns': {'company_name': 1, 'legal_suffix': 1}, 'derived': ['display_name']},
                'address': address,
            },
            'contacts': {'domain': 'primary_domain', 'phone': 'primary_phone'},
        },
    }[entity]) -}}
{%- endmacro %}
