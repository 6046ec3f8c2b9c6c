with

members as (

    select * from {{ ref('bridge_household_persons') }}

),

persons as (

    select * from {{ ref('int_person_golden') }}

),

-- The value that most members have; the smallest of several.
family_names as (

    select
        members.household_id,
        persons.family_name,
    from members
    inner join persons on members.person_id = persons.person_id
    where persons.family_name is not null
    group by members.household_id, persons.family_name
    qualify row_number() over (partition by members.household_id order by count(*) desc, persons.family_name) = 1

),

addresses as (

    select
        members.household_id,
        persons.street,
        persons.city,
        persons.region,
        persons.postcode,
        persons.country,
    from members
    inner join persons on members.person_id = persons.person_id
    where persons.street is not null
    group by
        members.household_id, persons.street, persons.city, persons.region, persons.postcode, persons.country
    qualify row_number() over (
        partition by members.household_id
        order by count(*) desc, persons.street, persons.postcode, persons.city, persons.region, persons.country
    ) = 1

),

sizes as (

    select
        household_id,
        count(*) as n_persons,
        min(confidence) as confidence,
    from members
    group by household_id

),

final as (

    select
        sizes.household_id,
        family_names.family_name,
        addresses.street,
        addresses.city,
        addresses.region,
        addresses.postcode,
        addresses.country,
        sizes.n_persons,
        sizes.confidence,
    from sizes
    left join family_names on sizes.household_id = family_names.household_id
    left join addresses on sizes.household_id = addresses.household_id

)

select * from final
