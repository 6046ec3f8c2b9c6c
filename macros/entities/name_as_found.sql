{#- The name of a source record as a person would read it: its parts when it has them, else the full name. -#}
{% macro name_as_found(relation) -%}
    coalesce(
        {{ text_or_null("array_to_string([" ~ relation ~ ".given_name, " ~ relation ~ ".middle_name, " ~ relation ~ ".family_name, " ~ relation ~ ".name_suffix], ' ')") }},
        {{ relation }}.full_name
    )
{%- endmacro %}
