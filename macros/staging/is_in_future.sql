{#- More than a day ahead of now: clocks differ and time zones slip, so a few hours ahead are no error. -#}
{% macro is_in_future(expression) -%}
    {{ expression }} > timestamp_add(current_timestamp(), interval 1 day)
{%- endmacro %}
