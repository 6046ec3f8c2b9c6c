{#- Upper case of ASCII letters. upper() is very slow in the local warehouse, translate() is quick in both. -#}
{% macro upper_ascii(expression) -%}
    translate({{ expression }}, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')
{%- endmacro %}
