-- The name that an e-mail address tells about a record, one row per record: of all ways to read the address the one
-- that agrees best with what the record says itself and with how names are used elsewhere.
with

readings as (

    select * from {{ ref('int_person_email_readings') }}

),

name_usage as (

    select
        *,
        sum(n_as_given) over () as n_names,
    from {{ ref('int_person_name_usage') }}

),

-- smith.john@ and smithjohn@ exist as well.
ordered_readings as (

    select
        record_id,
        reading,
        n_addresses,
        given_name as own_given_name,
        family_name as own_family_name,
        first_part as given_name,
        last_part as family_name,
        0.0 as order_score,
    from readings
    union all
    select
        record_id,
        reading,
        n_addresses,
        given_name as own_given_name,
        family_name as own_family_name,
        last_part as given_name,
        first_part as family_name,
        -1.0 as order_score,
    from readings

),

judged as (

    select
        readings.record_id,
        readings.reading,
        readings.given_name,
        readings.family_name,
        readings.order_score,
        readings.n_addresses > 3 + 10 * given.n_as_given * family.n_as_family / given.n_names as is_catchword,
        coalesce(given.n_family_partners, 0) >= 2 as is_known_given_name,
        coalesce(family.n_given_partners, 0) >= 2 as is_known_family_name,
        coalesce(ln(1 + given.n_as_given), 0) as given_name_score,
        coalesce(ln(1 + family.n_as_family), 0) as family_name_score,
        readings.given_name in (
            coalesce(readings.own_given_name, ''), coalesce(readings.own_family_name, '')
        ) as is_given_name_own,
        readings.family_name in (
            coalesce(readings.own_given_name, ''), coalesce(readings.own_family_name, '')
        ) as is_family_name_own,
        starts_with(readings.given_name, readings.own_given_name)
        or starts_with(readings.own_given_name, readings.given_name)
        or starts_with(readings.family_name, readings.own_family_name)
        or starts_with(readings.own_family_name, readings.family_name) as fits_own_name,
    from ordered_readings as readings
    left join name_usage as given on readings.given_name = given.name
    left join name_usage as family on readings.family_name = family.name

),

-- An initial needs a name beside it that is known; two words apart may be new names both. And sunnyguy12@, sunnyguy77@
-- and thirty more are no Sunny Guy: the letters stand at far more addresses than two names meet by chance.
plausible as (

    select
        *,
        order_score
        + given_name_score
        + family_name_score
        + if(is_given_name_own and length(given_name) > 1, 20, 0)
        + if(is_family_name_own and length(family_name) > 1, 20, 0)
        + if(fits_own_name, 10, 0)
        + if(reading = 'one word', 3, 0) as score,
    from judged
    where
        case
            when given_name is null then is_known_family_name and not is_family_name_own
            when family_name is null then is_known_given_name and not is_given_name_own
            when length(given_name) = 1
                then length(family_name) >= 3 and (is_known_family_name or is_family_name_own)
            when length(family_name) = 1
                then length(given_name) >= 3 and (is_known_given_name or is_given_name_own)
            when reading = 'separated' then true
            when is_catchword and not is_given_name_own and not is_family_name_own then false
            else
                (is_known_given_name or is_given_name_own)
                and (is_known_family_name or is_family_name_own)
        end

),

final as (

    select
        record_id,
        given_name,
        family_name,
        reading,
    from plausible
    qualify row_number() over (
        partition by record_id
        order by score desc, given_name, family_name
    ) = 1

)

select * from final
