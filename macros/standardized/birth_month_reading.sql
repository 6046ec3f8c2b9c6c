{#- The month, 1 to 12, of a date that has no day: '1960-05', '05/1960', 'May 1960', '1960-05-00', '19600500'. Null for
    other texts, and for a month that is no number and not written in English. -#}
{% macro birth_month_reading(expression) -%}
    coalesce(
        safe_cast(
            regexp_extract({{ expression }}, r'^\s*[0-9]{4}[-/.](0?[1-9]|1[0-2])(?:[-/.]0?0)?\s*$') as int64
        ),
        safe_cast(regexp_extract({{ expression }}, r'^\s*[0-9]{4}(0[1-9]|1[0-2])00\s*$') as int64),
        safe_cast(regexp_extract({{ expression }}, r'^\s*(?:0?0[-/.])?(0?[1-9]|1[0-2])[-/.][0-9]{4}\s*$') as int64),
        extract(month from safe.parse_date(
            '%Y-%b-%d',
            regexp_replace(lower({{ expression }}), r'^\s*([a-z]{3})[a-z]*[ ,.-]+([0-9]{4})\s*$', r'\2-\1-01')
        ))
    )
{%- endmacro %}
