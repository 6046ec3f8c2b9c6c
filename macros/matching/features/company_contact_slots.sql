{#- Columns of int_company_contact_slots; see person_contact_slots. -#}
{% macro company_contact_slots() %}
    {{ return([
        'domain_1', 'domain_2', 'domain_3',
        'phone_1', 'phone_2', 'phone_3', 'shared_phone_1', 'shared_phone_2',
        'identifier_1', 'identifier_2', 'identifier_3',
    ]) }}
{% endmacro %}
