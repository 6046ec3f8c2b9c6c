{{ config(materialized='view') }}

-- How many records, names and sexes stand at each e-mail address and phone number.
with

records as (

    select * from {{ ref('int_person_distinct_records') }}

),

common_names as (

    select * from {{ ref('stg_word_lists__common_names') }}

),

contact_points as (

    select
        'email' as contact_type,
        email as value,
        records.given_name,
        records.family_name,
    from records, unnest(records.emails) as email
    union all
    select
        'phone' as contact_type,
        phone as value,
        records.given_name,
        records.family_name,
    from records, unnest(records.phones) as phone

),

value_sizes as (

    select
        contact_type,
        value,
        count(*) as n_records,
        count(given_name) as n_given_names,
        count(family_name) as n_family_names,
        cast(countif(given_name is null and family_name is null) as int64) as n_nameless_records,
    from contact_points
    group by contact_type, value

),

-- Most values stand in one record; only the others need their distinct names counted, which is slow.
repeated_values as (

    select
        contact_points.contact_type,
        contact_points.value,
        count(distinct contact_points.given_name) as n_given_names,
        count(distinct contact_points.family_name) as n_family_names,
        count(distinct common_names.sex) as n_sexes,
    from contact_points
    inner join value_sizes
        on contact_points.contact_type = value_sizes.contact_type and contact_points.value = value_sizes.value
    left join common_names on contact_points.given_name = common_names.name
    where value_sizes.n_records > 1
    group by contact_points.contact_type, contact_points.value

),

counted as (

    select
        value_sizes.contact_type,
        value_sizes.value,
        value_sizes.n_records,
        coalesce(repeated_values.n_given_names, value_sizes.n_given_names) as n_given_names,
        coalesce(repeated_values.n_family_names, value_sizes.n_family_names) as n_family_names,
        coalesce(repeated_values.n_sexes, 1) as n_sexes,
        value_sizes.n_nameless_records,
    from value_sizes
    left join repeated_values
        on
            value_sizes.contact_type = repeated_values.contact_type
            and value_sizes.value = repeated_values.value

)

select * from counted
