{#- The country calling code at the start of an international number without + and prefix; the plan fixes how long
    each is. -#}
{% macro international_calling_code(expression) -%}
    regexp_extract(
        {{ expression }},
        r'^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9]\d{2})'
    )
{%- endmacro %}
