{#- The columns of a golden record whose values have a provenance. -#}
{% macro golden_columns(entity) -%}
    {%- set fields = golden_fields(entity) -%}
    {%- set names = [] -%}
    {%- for group in fields.groups.values() -%}
        {%- do names.extend(group.columns | list + group.derived | reject('equalto', 'display_name') | list) -%}
    {%- endfor -%}
    {%- do names.extend(fields.contacts.values()) -%}
    {{ return(names) }}
{%- endmacro %}
