{#- The sources named in CONCORD_SOURCES; one that is switched off needs no raw dataset. -#}
{% macro enabled_sources() -%}
    {%- set names = env_var('CONCORD_SOURCES', 'salesforce,hubspot,gmail,dialpad,files') -%}
    {{- return(names.split(',')) -}}
{%- endmacro %}
