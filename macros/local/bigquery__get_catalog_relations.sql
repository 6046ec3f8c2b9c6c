{# `dbt docs generate` for chosen tables; see local_catalog. #}
{% macro bigquery__get_catalog_relations(information_schema, relations) %}
    {% if target.name == 'local' %}
        {% set names = relations | map(attribute='identifier') | list %}
        {{ return(local_catalog(information_schema, names)) }}
    {% endif %}
    {{ return(dbt.bigquery__get_catalog_relations(information_schema, relations)) }}
{% endmacro %}
