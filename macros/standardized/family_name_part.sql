{#- The family name of a parsed-for name: words with single spaces, ' , ' after a leading family name, particles
    marked with ~. Null when the name has one word only, unless that is how its script writes full names. Chinese
    and Korean names start with the family name, which has one character, some have two, when no space tells otherwise;
    a patronymic in last place says the same. "van der Berg" alone is a family name, "Van Morrison" is not. -#}
{% macro family_name_part(expression) -%}
    {#- Ranges and not \p{Han}: the local warehouse loses the group of a pattern with \p. -#}
    {%- set east_asian = '[㐀-鿿가-힣]' -%}
    {%- set double_family = family_names_of_two_characters() | trim -%}
    coalesce(
        regexp_extract({{ expression }}, r'^([^,]+) ,'),
        regexp_extract({{ expression }}, r'^({{ east_asian }}+) {{ east_asian }}+$'),
        regexp_extract({{ expression }}, r'^({{ double_family }}){{ east_asian }}{1,2}$'),
        regexp_extract({{ expression }}, r'^({{ east_asian }}){{ east_asian }}{1,3}$'),
        {{ family_name_before_patronymic(expression) }},
        regexp_extract({{ expression }}, r'^(~[^ ]+ ~.*)$'),
        regexp_extract({{ expression }}, r'^[^ ]+(?: [^~ ][^ ]*)* (~[^ ]+ .*)$'),
        regexp_extract({{ expression }}, r' ([^ ]+)$')
    )
{%- endmacro %}
