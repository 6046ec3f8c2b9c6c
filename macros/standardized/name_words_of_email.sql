{#- The letters of an e-mail's local part up to the first digit, as words with single spaces: "john.smith77@x.com" is
    "john smith". Empty when it begins with neither letter nor digit. -#}
{% macro name_words_of_email(email) -%}
    trim(regexp_replace(
        regexp_replace(regexp_extract({{ email }}, r'^[0-9]*([^@]+)@'), r'[0-9].*$', ''),
        r'[._-]+', ' '
    ), ' ')
{%- endmacro %}
