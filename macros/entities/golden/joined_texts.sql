{#- Columns of a relation as one text, without those that are null. -#}
{% macro joined_texts(relation, columns, separator) -%}
    {%- set texts = [] -%}
    {%- for column in columns -%}
        {%- do texts.append('cast(' ~ relation ~ '.' ~ column ~ ' as string)') -%}
    {%- endfor -%}
    array_to_string([{{ texts | join(', ') }}], '{{ separator }}')
{%- endmacro %}
