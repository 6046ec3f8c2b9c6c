{#- A name or a city as it is blocked on, with one spelling for letters that ASCII writes with one vowel or with two:
    Möller is moller or moeller, Århus is arhus or aarhus. -#}
{% macro folded_umlauts(expression) -%}
    regexp_replace(regexp_replace({{ expression }}, r'([aou])e', r'\1'), r'aa', 'a')
{%- endmacro %}
