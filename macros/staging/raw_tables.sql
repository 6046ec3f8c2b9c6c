{#- The raw tables of the enabled sources, each with its base model and the staging model it feeds. -#}
{% macro raw_tables() -%}
    {%- set tables = [] -%}
    {%- for source, declared in enabled_sources().items() -%}
        {%- for table, staged in declared.tables.items() -%}
            {%- do tables.append({
                'source': source,
                'table': table,
                'base': 'base_' ~ source ~ '__' ~ table,
                'staged': 'stg_' ~ source ~ '__' ~ staged,
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(tables) -}}
{%- endmacro %}
