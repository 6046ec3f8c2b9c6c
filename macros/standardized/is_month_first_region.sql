{#- Whether dates such as 04/05/1960 name the month first where the warehouse's people mostly live. -#}
{% macro is_month_first_region() -%}
    {{- return(var('default_phone_region') in ['US', 'PH', 'PR', 'GU', 'AS', 'VI', 'MP']) -}}
{%- endmacro %}
