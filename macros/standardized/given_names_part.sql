{#- What family_name_part leaves of a name: the given name and any middle names. -#}
{% macro given_names_part(expression) -%}
    {%- set east_asian = '[㐀-鿿가-힣]' -%}
    {%- set double_family = family_names_of_two_characters() | trim -%}
    coalesce(
        regexp_extract({{ expression }}, r' , (.+)$'),
        regexp_extract({{ expression }}, r'^{{ east_asian }}+ ({{ east_asian }}+)$'),
        regexp_extract({{ expression }}, r'^(?:{{ double_family }})({{ east_asian }}{1,2})$'),
        regexp_extract({{ expression }}, r'^{{ east_asian }}({{ east_asian }}{1,3})$'),
        if(
            {{ family_name_before_patronymic(expression) }} is not null,
            regexp_extract({{ expression }}, r'^[^ ]+ (.+)$'),
            null
        ),
        if(
            regexp_contains({{ expression }}, r'^~[^ ]+ ~'),
            null,
            coalesce(
                regexp_extract({{ expression }}, r'^([^ ]+(?: [^~ ][^ ]*)*) ~[^ ]+ .*$'),
                regexp_extract({{ expression }}, r'^(.+) [^ ]+$'),
                {{ expression }}
            )
        )
    )
{%- endmacro %}
