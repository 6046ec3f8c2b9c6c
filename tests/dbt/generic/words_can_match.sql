{#- Every entry of a list of own words is written as records are compared with it, and stands once: one that is not has
    no effect, ever. `words` are the columns with words and the form of each (compared_form); where the form depends on
    the kind of the row, `kinds` says of which. -#}
{% test words_can_match(model, key, words) %}

with

entries as (

    select * from {{ model }}

),

compared as (
    {% for word in words %}
        select
            '{{ word.column }}' as column_name,
            {{ word.column }} as written,
            {{ compared_form(word.form, word.column) }} as must_be_written,
        from entries
        {% if word.kinds %}where kind in ('{{ word.kinds | join("', '") }}'){% endif %}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

repeated as (

    select
        '{{ key | join(', ') }}' as column_name,
        concat({{ key | join(", ' ', ") }}) as written,
        'once' as must_be_written,
    from entries
    group by {{ key | join(', ') }}
    having count(*) > 1

)

select * from compared
where written is null or must_be_written is null or written != must_be_written
union all
select * from repeated

{% endtest %}
