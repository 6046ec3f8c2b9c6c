{#- person_keys or company_keys. -#}
{% macro entity_keys(entity) %}
    {{ return(person_keys() if entity == 'person' else company_keys()) }}
{% endmacro %}
