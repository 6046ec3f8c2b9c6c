{# `dbt docs generate` for whole datasets; see local_catalog. #}
{% macro bigquery__get_catalog(information_schema, schemas) %}
    {% if target.name == 'local' %}
        {{ return(local_catalog(information_schema)) }}
    {% endif %}
    {{ return(dbt.bigquery__get_catalog(information_schema, schemas)) }}
{% endmacro %}
