{{ config(materialized='view') }}

-- The name of each record in Latin letters where its script has a spelling in them, turned upright where given and
-- family name stand in each other's place. A name that is only the e-mail address is no name.
with

records as (

    select
        record_id,
        {{ latin_letters('given_name') }} as given_name,
        {{ latin_letters('family_name') }} as family_name,
        {{ latin_letters('full_name') }} as full_name,
        emails,
    from {{ ref('int_person_distinct_records') }}

),

name_usage as (

    select * from {{ ref('int_person_name_usage') }}

),

common_names as (

    select * from {{ ref('stg_word_lists__common_names') }}

),

-- What is known of names counts as so many records that have them, which carries a file of three rows.
{% set listed_records = training_constants().listed_name_records -%}
known_usage as (

    select
        coalesce(name_usage.name, common_names.name) as name,
        coalesce(name_usage.n_as_given, 0) as n_as_given,
        coalesce(name_usage.n_as_family, 0) as n_as_family,
        coalesce(name_usage.n_family_partners, 0) as n_family_partners,
        {{ listed_records }} * least(coalesce(common_names.given_name_share, 0.0), 0.005) as n_listed_as_given,
        {{ listed_records }} * least(coalesce(common_names.family_name_share, 0.0), 0.005) as n_listed_as_family,
    from name_usage
    full outer join common_names on name_usage.name = common_names.name

),

-- Counts are those of the other records. From 3 bits on (8 : 1) the words speak for the other order.
ordered as (

    select
        records.record_id,
        records.given_name,
        records.family_name,
        records.full_name,
        coalesce({{ name_words_of_email('records.emails[safe_offset(0)]') }} = records.given_name, false)
        and records.family_name is null
        and coalesce(given.n_family_partners, 0) < 2 as is_name_the_address,
        coalesce(
            log(
                (given.n_as_family + given.n_listed_as_family + 0.5)
                / (greatest(given.n_as_given - 1, 0) + given.n_listed_as_given + 0.5), 2
            )
            + log(
                (family.n_as_given + family.n_listed_as_given + 0.5)
                / (greatest(family.n_as_family - 1, 0) + family.n_listed_as_family + 0.5), 2
            ) > 3,
            false
        ) as is_swapped,
    from records
    left join known_usage as given on records.given_name = given.name
    left join known_usage as family on records.family_name = family.name

),

-- A name that could not be split (a single word, a script without spaces) is compared as a family name.
upright as (

    select
        record_id,
        case
            when is_swapped then family_name
            when not is_name_the_address then given_name
        end as given_name,
        case
            when is_swapped then given_name
            when given_name is null then coalesce(family_name, full_name)
            else family_name
        end as family_name,
    from ordered

)

select * from upright
