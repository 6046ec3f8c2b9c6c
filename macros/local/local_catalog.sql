{#
    The columns of one dataset, for `dbt docs generate` on the local warehouse.

    dbt's own query joins INFORMATION_SCHEMA with __TABLES__, which the emulator lacks, and its
    parser does not come back from the join. Two plain queries give the same table.
#}
{% macro local_catalog(dataset, table_names=none) %}
    {% set schema_views = '`' ~ dataset.database ~ '`.`' ~ dataset.schema ~ '`.INFORMATION_SCHEMA.' %}
    {% set views = run_query(
        "select table_name from " ~ schema_views ~ "TABLES where table_type = 'VIEW'"
    ).columns[0].values() %}
    {% set columns_sql %}
        select
            table_catalog as table_database,
            table_schema as table_schema,
            table_name as table_name,
            {% if views %}
            if(table_name in ({{ local_text_list(views) }}), 'view', 'table') as table_type,
            {% else %}
            'table' as table_type,
            {% endif %}
            '' as table_owner,
            '' as table_comment,
            column_name as column_name,
            ordinal_position as column_index,
            data_type as column_type,
            '' as column_comment
        from {{ schema_views }}COLUMNS
        {% if table_names %}
        where lower(table_name) in ({{ local_text_list(table_names) | lower }})
        {% endif %}
    {% endset %}
    {{ return(run_query(columns_sql)) }}
{% endmacro %}
