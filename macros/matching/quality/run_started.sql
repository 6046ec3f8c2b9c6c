{#- When the run began, in UTC. -#}
{% macro run_started() -%}
    timestamp('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}')
{%- endmacro %}
