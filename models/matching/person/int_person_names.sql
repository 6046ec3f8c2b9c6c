-- The name each record is matched on: its own, or else the one hidden in its e-mail address (john.smith@, jsmith@).
with records as (

    select * from {{ ref('int_person_records') }}

),

term_frequencies as (

    select * from {{ ref('int_person_term_frequencies') }}

),

contact_usage as (

    select * from {{ ref('int_person_contact_usage') }}

),

nameless_local_parts as (

    select
        records.record_id,
        min(regexp_replace(regexp_extract(email, r'^([^@]+)@'), r'[0-9]+$', '')) as local_part,
    from records, unnest(records.emails) as email
    inner join contact_usage on email = contact_usage.value
    where
        records.given_name is null
        and records.family_name is null
        and records.full_name is null
        and contact_usage.contact_type = 'email'
        and not contact_usage.is_shared
    group by records.record_id

),

split_local_parts as (

    select
        record_id,
        local_part,
        coalesce(
            regexp_extract(local_part, r'^([a-z]{2,})[._-]+[a-z]{2,}$'),
            regexp_extract(local_part, r'^([a-z])[._-]?[a-z]{3,}$')
        ) as first_part,
        coalesce(
            regexp_extract(local_part, r'^[a-z]{2,}[._-]+([a-z]{2,})$'),
            regexp_extract(local_part, r'^[a-z][._-]?([a-z]{3,})$')
        ) as last_part,
    from nameless_local_parts

),

-- mary@ is a given name, not M. Ary. An initial glued to a word is only a name when the word is a family name seen
-- elsewhere.
recognised_names as (

    select
        split_local_parts.record_id,
        coalesce(given.value, split_local_parts.first_part) as given_name,
        if(given.value is null, split_local_parts.last_part, null) as family_name,
    from split_local_parts
    left join term_frequencies as given
        on
            given.attribute = 'given_name'
            and split_local_parts.local_part = given.value
    left join term_frequencies as family
        on
            family.attribute = 'family_name'
            and split_local_parts.last_part = family.value
    where
        given.value is not null
        or length(split_local_parts.first_part) >= 2
        or family.value is not null

),

chosen_names as (

    select
        records.record_id,
        coalesce(records.given_name, recognised_names.given_name) as given_name,
        -- A name that could not be split (a single word, a script without blanks) is compared as a family name.
        coalesce(
            records.family_name,
            recognised_names.family_name,
            if(records.given_name is null, records.full_name, null)
        ) as family_name,
        recognised_names.record_id is not null as is_name_from_email,
    from records
    left join recognised_names on records.record_id = recognised_names.record_id

)

select * from chosen_names
