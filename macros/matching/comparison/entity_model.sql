{#- person_model or company_model. -#}
{% macro entity_model(entity) %}
    {{ return(person_model() if entity == 'person' else company_model()) }}
{% endmacro %}
