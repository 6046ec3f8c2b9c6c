{#- How much of a group of fields a record has: what its filled columns count. Of an initial only half of a given name
    counts: it tells less than a name. -#}
{% macro group_completeness(columns) -%}
    {%- set terms = [] -%}
    {%- for column, points in columns.items() -%}
        {%- if column == 'given_name' -%}
            {%- do terms.append('coalesce(least(char_length(records.given_name), ' ~ points ~ '), 0)') -%}
        {%- else -%}
            {%- do terms.append('if(written.' ~ column ~ ' is null, 0, ' ~ points ~ ')') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ terms | join(' + ') }}
{%- endmacro %}
