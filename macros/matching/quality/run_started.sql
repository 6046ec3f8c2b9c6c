{#- When the run began, in UTC, to the microsecond: a decision within the second before it is not one after it. -#}
{% macro run_started() -%}
    timestamp('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}')
{%- endmacro %}
