{#- What a version of the model keeps of the term frequencies: the values that several records have, and per attribute
    one row without a value, for all others. A value of one record is as common as one that nobody had yet, so it need
    not be kept. -#}
{% macro model_frequencies(entity, model, term_frequencies) %}
with

term_frequencies as (

    select * from {{ term_frequencies }}

),

{{ default_frequencies(entity) }},

attributes as (
    {% for comparison in model | selectattr('term_frequency', 'defined') %}
        select
            '{{ comparison.term_frequency }}' as attribute,
            '{{ comparison.name }}' as comparison,
            {{ 0 if comparison.is_chosen_unique or comparison.counts_others_only else 1 }} as n_records,
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

totals as (

    select
        attribute,
        sum(n_records) as n_records,
    from term_frequencies
    group by attribute

),

final as (

    select
        '{{ entity }}' as entity,
        attribute,
        value,
        frequency,
    from term_frequencies
    where n_records > 1
    union all
    select
        '{{ entity }}' as entity,
        attributes.attribute,
        cast(null as string) as value,
        {{ shrunk_frequency('attributes.n_records', 'coalesce(totals.n_records, 0)') }} as frequency,
    from attributes
    inner join default_frequencies as defaults on attributes.comparison = defaults.comparison
    left join totals on attributes.attribute = totals.attribute

)

select * from final
{% endmacro %}
