{#- The sources that CONCORD_SOURCES names, with commas between them; none means all. The lines `+enabled` of
    dbt_project.yml split it the same way. -#}
{% macro named_sources() -%}
    {{- return(env_var('CONCORD_SOURCES', '').replace(',', ' ').split()) -}}
{%- endmacro %}
