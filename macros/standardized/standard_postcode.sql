{#- A postcode in upper case without spaces and signs; a US ZIP+4 is cut to five digits, and the sign of a country in
    front goes (D-10115, SE 123 45). Null without a digit or when only 0 or 9. -#}
{% macro standard_postcode(expression) -%}
    {%- set countries = [
        'd', 'de', 'a', 'at', 'b', 'be', 'bg', 'ch', 'cz', 'dk', 'e', 'ee', 'es', 'f', 'fi', 'fin', 'fl', 'fr', 'gr',
        'h', 'hr', 'hu', 'i', 'it', 'l', 'li', 'lt', 'lu', 'lv', 'n', 'nl', 'no', 'p', 'pl', 'pt', 'ro', 'rs', 's',
        'se', 'si', 'sk', 'slo', 'tr', 'ua', 'us',
    ] -%}
    {%- set bare -%}
        regexp_replace(
            lower({{ expression }}),
            r'^\s*(?:(?:{{ countries | join("|") }})[\s-]+([0-9]{2}[0-9\s-]{2,})|nl[\s-]+([0-9]{4}\s*[a-z]{2}))\s*$',
            r'\1\2'
        )
    {%- endset -%}
    {%- set kept = "regexp_replace(" ~ bare ~ ", r'[^a-z0-9]+', '')" -%}
    case
        when not {{ is_plausible_length(expression) }} or not regexp_contains({{ expression }}, r'[0-9]') then null
        when regexp_contains({{ kept }}, r'^(0+|9+)$') then null
        when regexp_contains({{ expression }}, r'^\s*[0-9]{5}\s*-?\s*[0-9]{4}\s*$') then substr({{ kept }}, 1, 5)
        else {{ upper_ascii(kept) }}
    end
{%- endmacro %}
