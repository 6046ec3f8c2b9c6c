{#- A shipped word list together with the rows of the company's own seed `custom_<list>`. A row of its own replaces a
    shipped one with the same key. -#}
{% macro with_own_rows(word_list, key) %}
with

shipped_rows as (

    select * from {{ ref(word_list) }}

),

own_rows as (

    select * from {{ ref('custom_' ~ word_list) }}

),

combined as (

    select * from own_rows
    union all
    select shipped_rows.*
    from shipped_rows
    left join own_rows
        on
            {%- for column in key %}
                {{ 'and ' if not loop.first }}shipped_rows.{{ column }} = own_rows.{{ column }}
            {%- endfor %}
    where own_rows.{{ key[0] }} is null

)

select * from combined
{% endmacro %}
