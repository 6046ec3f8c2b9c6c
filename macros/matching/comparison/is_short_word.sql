{#- True when a word is short for another: at least three letters that it begins with, or its first letter and
    consonants of it in their order (mfg, pkg, intl). -#}
{% macro is_short_word(short, long) -%}
    (
        length({{ short }}) between 3 and length({{ long }}) - 1
        and (
            starts_with({{ long }}, {{ short }})
            or regexp_contains({{ short }}, r'^[a-z][bcdfghjklmnpqrstvwxz]+$')
            and regexp_contains({{ long }}, '^' || regexp_replace({{ short }}, r'(.)', r'\1.*'))
        )
    )
{%- endmacro %}
