{#- True for an empty text and for one such as 0000 or xxx; a single character may be meant. -#}
{% macro is_one_character_repeated(expression) -%}
    length({{ expression }}) != 1
    and replace({{ expression }}, substr({{ expression }}, 1, 1), '') = ''
{%- endmacro %}
