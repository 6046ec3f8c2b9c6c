{#- The characters of a text in their order: the same for two texts of which one has some of them turned. -#}
{% macro sorted_characters(expression) -%}
    (
        select string_agg(letter, '' order by letter)
        from unnest(split({{ expression }}, '')) as letter
    )
{%- endmacro %}
