{#- The columns that say which run added a row. -#}
{% macro current_run() -%}
    '{{ invocation_id }}' as invocation_id,
    {{ run_started() }} as run_started_at
{%- endmacro %}
