{#- A date as YYYYMMDD, always eight digits: format_date does not pad a year before 1000. -#}
{% macro date_digits(expression) -%}
    concat(
        lpad(cast(extract(year from {{ expression }}) as string), 4, '0'), format_date('%m%d', {{ expression }})
    )
{%- endmacro %}
