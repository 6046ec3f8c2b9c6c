{# The project folder that the local warehouse at the target's address belongs to, or none. #}
{% macro local_warehouse_owner() %}
    {% set mark = adapter.get_relation(database='concord-local', schema='concord_local', identifier='warehouse') %}
    {% if mark is none %}
        {{ return(none) }}
    {% endif %}
    {{ return(run_query('select project_dir from ' ~ mark).columns[0].values() | first) }}
{% endmacro %}
