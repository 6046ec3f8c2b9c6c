{#- Whether a table is partitioned and clustered as its model says. BigQuery replaces no other one: it has to be dropped
    first, as dbt's own materialization `table` does. -#}
{% macro is_laid_out_alike(existing) %}
    {%- set partition_by = adapter.parse_partition_by(config.get('partition_by')) -%}
    {{ return(adapter.is_replaceable(existing, partition_by, config.get('cluster_by'))) }}
{% endmacro %}


{#- Drop what stands where a table is to be made, unless the statement that makes it can replace it. -#}
{% macro drop_unless_replaceable(existing) %}
    {%- if existing is not none and (existing.type != 'table' or not is_laid_out_alike(existing)) -%}
        {%- do adapter.drop_relation(existing) -%}
    {%- endif -%}
{% endmacro %}
