{#- The distinct non-empty texts of an array expression, sorted; never null. -#}
{% macro text_array(expression) -%}
    array(
        select distinct {{ text_or_null('item') }} as text_item
        from unnest({{ expression }}) as item
        where {{ text_or_null('item') }} is not null
        order by text_item
    )
{%- endmacro %}
