{#- Letters and digits of an identifier, upper case. Null when nothing is left or one character is only repeated
    (000000). -#}
{% macro identifier_value(expression) -%}
    {%- set kept = "regexp_replace(lower(" ~ expression ~ "), r'[^\\p{L}\\p{N}]+', '')" -%}
    if({{ is_one_character_repeated(kept) }}, null, {{ upper_ascii(kept) }})
{%- endmacro %}
