{#- The run that builds; without `concord run`, the invocation of dbt. Not read when dbt parses, where another value
    would make it parse again. -#}
{% macro run_id() -%}
    {%- if execute -%}
        {%- set run_id = env_var('CONCORD_RUN_ID', 'none') -%}
        {{ invocation_id if run_id == 'none' else run_id }}
    {%- endif -%}
{%- endmacro %}
