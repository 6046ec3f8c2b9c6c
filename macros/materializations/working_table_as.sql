{#- A table that a materialization reads once or twice and drops. Labels and key are those of the model, and BigQuery
    itself removes it after twelve hours if the run is killed. Partitions, clusters and contract are the result's alone:
    the columns may be others, and rows that are read once need no order. -#}
{% macro working_table_as(relation, sql) %}
    create or replace table {{ relation }}
    {{ bigquery_table_options(config, model, true) }}
    as (
        {{ sql }}
    )
{% endmacro %}
