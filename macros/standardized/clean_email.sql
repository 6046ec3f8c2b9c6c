{#- The address inside a cell such as 'Ann <mailto:Ann@X.com>;', lower case; whether it is a valid one is another
    question. -#}
{% macro clean_email(expression) -%}
    lower({{ email_as_written(expression) }})
{%- endmacro %}
