{#- How common each value of an attribute is: exact agreement on a rare value says more than on a common one.
    Counts are shrunk towards the default chance of agreement, so that in a small file a value seen once is not common;
    beyond the three records that one entity may have, a value is as common as it looks.
    `attributes` maps a column to its comparison and the relation it stands in; `phonetic_attributes` are columns that
    get a code of their sound as well (soundex; null for a name without Latin letters). -#}
{% macro term_frequencies(entity, attributes, term_frequency_levels, phonetic_attributes=[]) %}
with attribute_values as (
    {% for attribute, (comparison, relation) in attributes.items() %}
        select
            '{{ attribute }}' as attribute,
            '{{ comparison }}' as comparison,
            {{ attribute }} as value,
        from {{ relation }}
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
    where
        parameters.entity = '{{ entity }}'
        and (
            {% for comparison, level in term_frequency_levels.items() %}
                (parameters.comparison = '{{ comparison }}' and parameters.level = {{ level }})
                {%- if not loop.last %} or {% endif %}
            {% endfor %}
        )

),

added_frequencies as (

    select
        counted.attribute,
        counted.value,
        counted.n_records,
        greatest(
            (counted.n_records + defaults.frequency_pseudo_records * defaults.u_probability)
            / (sum(counted.n_records) over (partition by counted.attribute) + defaults.frequency_pseudo_records),
            (counted.n_records - 3) / sum(counted.n_records) over (partition by counted.attribute)
        ) as frequency,
        {%- if phonetic_attributes %}
            if(
                counted.attribute in ('{{ phonetic_attributes | join("', '") }}'),
                nullif(lower(soundex(regexp_replace(counted.value, r'[^a-z]', ''))), ''),
                null
            ) as phonetic_code,
        {%- endif %}
    from counted
    inner join default_frequencies as defaults on counted.comparison = defaults.comparison

)

select * from added_frequencies
{% endmacro %}
