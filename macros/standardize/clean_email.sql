{#- The address inside a cell such as 'Ann <mailto:Ann@X.com>;', lower case; whether it is a valid one is another
    question. -#}
{% macro clean_email(expression) -%}
    {%- set address -%}
        coalesce(regexp_extract(lower({{ expression }}), r'<\s*([^<>]+@[^<>]+)>'), lower({{ expression }}))
    {%- endset -%}
    nullif(regexp_replace(regexp_replace(
        {{ address }},
        r'''^[\s"'<(\[,;:.]*(mailto:)?[\s"'<(\[]*|[\s"'>)\],;:.]+$|\p{Cf}''', ''),
        r'\.\.+', '.'
    ), '')
{%- endmacro %}
