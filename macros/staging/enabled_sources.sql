{#- The sources that dbt_project.yml declares and CONCORD_SOURCES names; all of them when it names none. -#}
{% macro enabled_sources() -%}
    {%- set declared = var('sources') -%}
    {%- set named = named_sources() -%}
    {%- set enabled = {} -%}
    {%- for name, source in declared.items() if not named or name in named -%}
        {%- set wrong = source.gives | reject('in', record_shapes()) | list -%}
        {%- if wrong -%}
            {{- exceptions.raise_compiler_error(
                name ~ ' gives ' ~ wrong | join(', ') ~ '; a source can give ' ~ record_shapes() | join(', ')
            ) -}}
        {%- endif -%}
        {%- do enabled.update({name: source}) -%}
    {%- endfor -%}
    {{- return(enabled) -}}
{%- endmacro %}
