{#- What two dates of eight digits have in common although the year of one is turned (1968 and 1986), day and month
    stand in each other's place, or both: the century, the smaller of both readings of the year in it, and the smaller
    and the larger of day and month. -#}
{% macro turned_date(digits) -%}
    concat(
        substr({{ digits }}, 1, 2),
        least(substr({{ digits }}, 3, 2), reverse(substr({{ digits }}, 3, 2))),
        least(substr({{ digits }}, 5, 2), substr({{ digits }}, 7, 2)),
        greatest(substr({{ digits }}, 5, 2), substr({{ digits }}, 7, 2))
    )
{%- endmacro %}
