{#- The year of a date that may be incomplete or impossible: '1960', '1960-05', '05/1960', 'May 1960', '1857-01-00'.
    Null without exactly one number of four digits that may be the year somebody was born. -#}
{% macro birth_year_reading(expression) -%}
    if(
        regexp_contains({{ expression }}, r'[0-9]{5}|[0-9]{4}.*[0-9]{4}'),
        safe_cast(regexp_extract({{ expression }}, r'^\s*(1[89][0-9]{2}|20[0-9]{2})(?:0[0-9]|1[0-2])00\s*$') as int64),
        safe_cast(
            regexp_extract({{ expression }}, r'(?:^|[^0-9A-Za-z])(1[89][0-9]{2}|20[0-9]{2})(?:[^0-9A-Za-z]|$)') as int64
        )
    )
{%- endmacro %}
