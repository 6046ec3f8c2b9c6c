{#- An id of Salesforce in its long form. Exports hold 15 characters, where upper and lower case differ, or 18: the last
    three say which of the 15 are upper case. Both are one id, so they are always worked out from the first 15. -#}
{% macro salesforce_id(expression) -%}
    {%- set id = text_or_null(expression) -%}
    {%- set suffix = [] -%}
    {%- for first in [1, 6, 11] -%}
        {%- set bits = [] -%}
        {%- for place in range(5) -%}
            {%- set is_upper_case = "substr(" ~ id ~ ", " ~ (first + place) ~ ", 1) between 'A' and 'Z'" -%}
            {%- do bits.append("if(" ~ is_upper_case ~ ", " ~ 2 ** place ~ ", 0)") -%}
        {%- endfor -%}
        {%- do suffix.append("substr('ABCDEFGHIJKLMNOPQRSTUVWXYZ012345', 1 + " ~ bits | join(' + ') ~ ", 1)") -%}
    {%- endfor -%}
    if(
        regexp_contains({{ id }}, r'^[0-9A-Za-z]{15}([0-9A-Za-z]{3})?$'),
        concat(substr({{ id }}, 1, 15), {{ suffix | join(', ') }}),
        {{ id }}
    )
{%- endmacro %}
