{#- The start of the run in milliseconds, 12 hexadecimal digits: ids of a later run sort after those of an earlier
    one. -#}
{% macro id_time() -%}
    {{ '%012x' % ((run_started_at.timestamp() * 1000) | int) }}
{%- endmacro %}
