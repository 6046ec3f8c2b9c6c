{#- How common each value of an attribute is: exact agreement on a rare value says more than on a common one.
    Counts are shrunk towards the default chance of agreement, so that in a small file a value seen once is not common;
    beyond the three records that one entity may have, a value is as common as it looks.
    Columns that stand in `names`, not in `records`, get a code of their sound as well (soundex; null for a name
    without Latin letters). -#}
{% macro term_frequencies(entity, model, records, names=none, name_columns=[]) %}
with

attribute_values as (
    {% for comparison in model | selectattr('term_frequency', 'defined') %}
        {% set attribute = comparison.term_frequency %}
        select
            '{{ attribute }}' as attribute,
            '{{ comparison.name }}' as comparison,
            {{ attribute }} as value,
        from {{ names if attribute in name_columns else records }}
        where {{ attribute }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (

    select
        attribute,
        comparison,
        value,
        count(*) as n_records,
    from attribute_values
    group by attribute, comparison, value

),

default_frequencies as (

    select
        parameters.comparison,
        parameters.u_probability,
        settings.frequency_pseudo_records,
    from {{ ref('default_match_parameters') }} as parameters
    inner join {{ ref('training_settings') }} as settings on parameters.entity = settings.entity
    where parameters.entity = '{{ entity }}'
    -- The highest level is exact agreement.
    qualify row_number() over (partition by parameters.comparison order by parameters.level desc) = 1

),

added_frequencies as (

    select
        counted.attribute,
        counted.value,
        counted.n_records,
        greatest(
            (counted.n_records + defaults.frequency_pseudo_records * defaults.u_probability)
            / (sum(counted.n_records) over (partition by counted.attribute) + defaults.frequency_pseudo_records),
            (counted.n_records - {{ training_constants().records_of_one_entity }})
            / sum(counted.n_records) over (partition by counted.attribute)
        ) as frequency,
        {%- if name_columns %}
            if(
                counted.attribute in ('{{ name_columns | join("', '") }}'),
                nullif(lower(soundex(regexp_replace(counted.value, r'[^a-z]', ''))), ''),
                null
            ) as phonetic_code,
        {%- endif %}
    from counted
    inner join default_frequencies as defaults on counted.comparison = defaults.comparison

)

select * from added_frequencies
{% endmacro %}
