{#- What tells ids of Salesforce apart: the first 15 characters, of 15 or 18. Other texts are compared as they are. -#}
{% macro salesforce_short_id(expression) -%}
    regexp_replace({{ text_or_null(expression) }}, r'^([0-9A-Za-z]{15})[0-9A-Za-z]{3}$', r'\1')
{%- endmacro %}
