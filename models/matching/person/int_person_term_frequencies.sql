-- How common each value of an attribute is: exact agreement on a rare value says more than on a common one.
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

added_frequencies as (

    select
        attribute,
        value,
        n_records,
        n_records / sum(n_records) over (partition by attribute) as frequency,
        if(
            attribute in ('given_name', 'family_name'),
            lower(soundex(regexp_replace(value, r'[^a-z]', ''))),
            null
        ) as phonetic_code,
    from counted

)

select * from added_frequencies
