{#- Letters and digits of an identifier, upper case. Null when nothing is left or one character is only repeated
    (000000). -#}
{% macro identifier_value(expression) -%}
    {%- set kept = "regexp_replace(lower(" ~ expression ~ "), r'[^\\p{L}\\p{N}]+', '')" -%}
    if(
        {{ is_plausible_length(expression) }} and not ({{ is_one_character_repeated(kept) }}),
        {{ upper_ascii(kept) }},
        null
    )
{%- endmacro %}
