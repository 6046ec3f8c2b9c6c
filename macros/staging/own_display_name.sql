{#- The name beside an address, unless the address only passes the message on: "Ann Lee via Sales". -#}
{% macro own_display_name(expression) -%}
    if(
        regexp_contains(
            {{ expression }},
            r'(?i)\s\(?(via|on behalf of|im auftrag von|au nom de|en nombre de|per conto di|namens)\s'
        ),
        null,
        {{ expression }}
    )
{%- endmacro %}
