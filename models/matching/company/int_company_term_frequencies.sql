-- How common each value of an attribute is: exact agreement on a rare value says more than on a common one.
with records as (

    select * from {{ ref('int_company_records') }}

),

attribute_values as (
    {% for attribute in ['company_name', 'postcode', 'city'] %}
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
    from counted

)

select * from added_frequencies
