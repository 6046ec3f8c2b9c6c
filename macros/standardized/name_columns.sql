{#- The columns of an entity's records that hold names. -#}
{% macro name_columns(entity) %}
    {{ return({
        'person': ['given_name', 'middle_name', 'family_name', 'full_name', 'company_name'],
        'company': ['company_name'],
    }[entity]) }}
{% endmacro %}
