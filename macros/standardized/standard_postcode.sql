{#- A postcode in upper case without spaces and signs; a US ZIP+4 is cut to five digits. Null without a digit or
    when only 0 or 9. -#}
{% macro standard_postcode(expression) -%}
    {%- set kept = "regexp_replace(lower(" ~ expression ~ "), r'[^a-z0-9]+', '')" -%}
    case
        when not {{ is_plausible_length(expression) }} or not regexp_contains({{ expression }}, r'[0-9]') then null
        when regexp_contains({{ kept }}, r'^(0+|9+)$') then null
        when regexp_contains({{ expression }}, r'^\s*[0-9]{5}\s*-?\s*[0-9]{4}\s*$') then substr({{ kept }}, 1, 5)
        else {{ upper_ascii(kept) }}
    end
{%- endmacro %}
