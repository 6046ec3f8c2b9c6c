{#- The name of a source record as a person would read it: its parts when it has them, else the full name. -#}
{% macro name_as_found(relation) -%}
    {%- set parts = [] -%}
    {%- for part in ['given_name', 'middle_name', 'family_name', 'name_suffix'] -%}
        {%- do parts.append(relation ~ '.' ~ part) -%}
    {%- endfor -%}
    coalesce(
        {{ text_or_null("array_to_string([" ~ parts | join(", ") ~ "], ' ')") }},
        {{ relation }}.full_name
    )
{%- endmacro %}
