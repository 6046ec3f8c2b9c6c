{#- The run that builds; without `concord run`, the invocation of dbt. Not read when dbt parses, where another value
    would make it parse again. -#}
{% macro run_id() -%}
    {%- if execute -%}{{ env_var('CONCORD_RUN_ID', invocation_id) }}{%- endif -%}
{%- endmacro %}
