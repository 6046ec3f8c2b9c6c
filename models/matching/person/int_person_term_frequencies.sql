-- How common each value of an attribute is: exact agreement on a rare value says more than on a common one.
-- Counts are shrunk towards the default chance of agreement, so that in a small file a value seen once is not common.
with records as (

    select * from {{ ref('int_person_records') }}

),

attribute_values as (
    {% for attribute in ['given_name', 'family_name', 'postcode', 'city', 'company_name', 'job_title'] %}
        select
            '{{ attribute }}' as attribute,
            {{ attribute }} as value,
        from records
        where {{ attribute }} is not null
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (

    select
        attribute,
        value,
        count(*) as n_records,
    from attribute_values
    group by attribute, value

),

default_frequencies as (

    select
        parameters.comparison,
        parameters.u_probability,
        settings.frequency_pseudo_records,
    from {{ ref('default_match_parameters') }} as parameters
    inner join {{ ref('training_settings') }} as settings on parameters.entity = settings.entity
    where
        parameters.entity = 'person'
        and (
            {% for comparison, level in person_term_frequency_levels().items() %}
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
        (counted.n_records + defaults.frequency_pseudo_records * defaults.u_probability)
        / (sum(counted.n_records) over (partition by counted.attribute) + defaults.frequency_pseudo_records)
            as frequency,
        if(
            counted.attribute in ('given_name', 'family_name'),
            lower(soundex(regexp_replace(counted.value, r'[^a-z]', ''))),
            null
        ) as phonetic_code,
    from counted
    inner join default_frequencies as defaults
        on if(counted.attribute = 'company_name', 'company', counted.attribute) = defaults.comparison

)

select * from added_frequencies
