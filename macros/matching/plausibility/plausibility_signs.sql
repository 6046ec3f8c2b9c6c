{#- What says without any model that a result is wrong: attributes of which one person or company has few values, and
    combinations of values that two of them hardly share. SQL is over a row of int_person_records or
    int_company_records, named `records`. -#}
{% macro plausibility_signs(entity) %}
    {#- An initial is no name: two brothers share it. -#}
    {%- set full_name = "if(length(records.given_name) > 1, records.given_name || ' ' || records.family_name, null)" -%}
    {%- set name = full_name if entity == 'person' else 'records.company_name' -%}
    {%- set address = "records.street || ' ' || coalesce(records.postcode, records.city)" -%}
    {{ return({
        'person': {
            'attributes': {
                'given_names': 'records.given_name',
                'family_names': 'records.family_name',
                'birth_years': 'cast(records.birth_year as string)',
                'postcodes': 'records.postcode',
            },
            'agreements': {
                'name_and_email': {'name': name, 'values': 'records.emails'},
                'name_and_phone': {'name': name, 'values': 'records.phones'},
                'name_and_address': {'name': name, 'values': '[' ~ address ~ ']'},
            },
        },
        'company': {
            'attributes': {
                'company_names': 'records.company_name',
                'postcodes': 'records.postcode',
            },
            'agreements': {
                'name_and_domain': {'name': name, 'values': 'records.domains'},
                'name_and_phone': {'name': name, 'values': 'records.phones'},
                'name_and_address': {'name': name, 'values': '[' ~ address ~ ']'},
            },
        },
    }[entity]) }}
{% endmacro %}
