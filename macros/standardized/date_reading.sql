{#- A date from its common spellings: ISO, YYYYMMDD, numbers with the month or the day first, 'May 4th, 1960',
    '4-May-60'. Null for a year alone and for days that do not exist. Two-digit years are 1920 to 2019: customers
    are no babies. Points separate day and month in one order only. -#}
{% macro date_reading(expression, month_first) -%}
    {%- set text = "regexp_replace(lower(" ~ expression ~ "), r'^\\s+|[\\s,.]+$', '')" -%}
    {%- set century = "if(regexp_contains(" ~ text ~ ", r'\\D[01]\\d$'), '20', '19')" -%}
    {%- set month_day = '-\\1-\\2' if month_first else '-\\2-\\1' -%}
    case
        when regexp_contains({{ text }}, r'^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([t ].*)?$')
            then safe.parse_date(
                '%Y-%m-%d', regexp_replace({{ text }}, r'^(\d{4})\D(\d{1,2})\D(\d{1,2}).*$', r'\1-\2-\3')
            )
        when regexp_contains({{ text }}, r'^(1[0-9]|20)\d{2}(0\d|1[0-2])\d{2}$')
            then safe.parse_date('%Y%m%d', {{ text }})
        when regexp_contains({{ text }}, r'^\d{8}$')
            then safe.parse_date(
                '%Y-%m-%d', regexp_replace({{ text }}, r'^(\d{2})(\d{2})(\d{4})$', r'\3{{ month_day }}')
            )
        when regexp_contains({{ text }}, r'^\d{1,2}\.\s?\d{1,2}\.\s?\d{4}$')
            then safe.parse_date(
                '%Y-%m-%d', regexp_replace({{ text }}, r'^(\d+)\.\s?(\d+)\.\s?(\d+)$', r'\3-\2-\1')
            )
        when regexp_contains({{ text }}, r'^\d{1,2}[-/ ]\d{1,2}[-/ ]\d{4}( .*)?$')
            then safe.parse_date(
                '%Y-%m-%d', regexp_replace({{ text }}, r'^(\d+)\D(\d+)\D(\d+).*$', r'\3{{ month_day }}')
            )
        when regexp_contains({{ text }}, r'^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$')
            then safe.parse_date(
                '%Y-%m-%d',
                concat({{ century }}, regexp_replace({{ text }}, r'^(\d+)\D(\d+)\D(\d+)$', r'\3{{ month_day }}'))
            )
        when regexp_contains({{ text }}, r'^[a-z]{3,9}[. ]+\d{1,2}(st|nd|rd|th)?[, ]+\d{4}$')
            then safe.parse_date(
                '%Y-%b-%d',
                regexp_replace({{ text }}, r'^([a-z]{3})[a-z]*[. ]+(\d+)(st|nd|rd|th)?[, ]+(\d+)$', r'\4-\1-\2')
            )
        when regexp_contains({{ text }}, r'^\d{1,2}(st|nd|rd|th)?[-. ]+[a-z]{3,9}[-., ]+(\d{4}|\d{2})$')
            then safe.parse_date(
                '%Y-%b-%d',
                concat(
                    if(regexp_contains({{ text }}, r'\d{4}$'), '', {{ century }}),
                    regexp_replace(
                        {{ text }},
                        r'^(\d+)(st|nd|rd|th)?[-. ]+([a-z]{3})[a-z]*[-., ]+(\d+)$', r'\4-\3-\1'
                    )
                )
            )
    end
{%- endmacro %}
