{#- The header Message-ID without its brackets, which some systems leave around it. -#}
{% macro rfc822_message_id(expression) -%}
    nullif(trim({{ expression }}, ' \t\n\f\r<>'), '')
{%- endmacro %}
