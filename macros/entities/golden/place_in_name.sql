{#- Where a written word stands in a part of a name, both in the form in which they are matched; 0 when it does not. -#}
{% macro place_in_name() -%}
    strpos(concat(' ', parts.matching_value, ' '), concat(' ', words.plain_word, ' '))
{%- endmacro %}
