{#- Columns of int_person_contact_slots. A record with more values than slots still meets its pairs in blocking,
    and the rule that found them counts as agreement. -#}
{% macro person_contact_slots() %}
    {{ return([
        'email_1', 'email_2', 'email_3', 'shared_email_1', 'shared_email_2',
        'phone_1', 'phone_2', 'phone_3', 'few_phone_1', 'few_phone_2', 'shared_phone_1', 'shared_phone_2',
        'identifier_1', 'identifier_2', 'identifier_3', 'identifier_4', 'identifier_5',
    ]) }}
{% endmacro %}
