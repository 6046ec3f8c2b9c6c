{#- True when two different dates of eight digits have two neighbours of the year, the month or the day turned: 1968 and
    1986, 13 and 31. A slip of one who types, as one wrong digit is. -#}
{% macro is_turned_date(left, right) %}
    (
        edit_distance({{ left }}, {{ right }}, max_distance => 3) = 2
        and substr({{ left }}, 1, 2) = substr({{ right }}, 1, 2)
        {%- for start in (3, 5, 7) %}
            and substr({{ left }}, {{ start }}, 2)
            in (substr({{ right }}, {{ start }}, 2), reverse(substr({{ right }}, {{ start }}, 2)))
        {%- endfor %}
    )
{% endmacro %}
