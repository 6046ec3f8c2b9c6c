{#- True when one name is written in Latin letters and the other in another script: then nothing can be said. Names are
    folded to a-z where they can be, and texts compare by code point, so '{' stands right behind the last of them. -#}
{% macro is_other_script(left, right) -%}
    ({{ left }} < '{') != ({{ right }} < '{')
{%- endmacro %}
