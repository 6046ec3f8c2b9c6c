-- The ways to read a personal e-mail address as a name, for records whose own name has a gap: john.smith@, jsmith@,
-- smithj@, smithjohn88@. One row per record and way to cut its local part in two.
with

records as (

    select * from {{ ref('int_person_distinct_records') }}

),

contact_usage as (

    select
        value,
        {{ name_words_of_email('value') }} as words,
    from {{ ref('int_person_contact_usage') }}
    where contact_type = 'email' and not is_shared

),

word_usage as (

    select
        words,
        count(*) as n_addresses,
    from contact_usage
    group by words

),

-- Digits and what follows them are no name.
local_parts as (

    select distinct
        records.record_id,
        records.given_name,
        records.family_name,
        contact_usage.words,
        word_usage.n_addresses,
    from records, unnest(records.emails) as email
    inner join contact_usage on email = contact_usage.value
    inner join word_usage on contact_usage.words = word_usage.words
    where
        coalesce(length(records.given_name), 0) <= 1
        or coalesce(length(records.family_name), 0) <= 1
        or contact_usage.words = records.given_name

),

readings as (

    select
        record_id,
        given_name,
        family_name,
        n_addresses,
        words as first_part,
        cast(null as string) as last_part,
        'one word' as reading,
    from local_parts
    where strpos(words, ' ') = 0 and length(words) >= 2
    union all
    select
        record_id,
        given_name,
        family_name,
        n_addresses,
        regexp_extract(words, r'^[^ ]+') as first_part,
        regexp_extract(words, r'[^ ]+$') as last_part,
        'separated' as reading,
    from local_parts
    where strpos(words, ' ') > 0
    union all
    select
        record_id,
        given_name,
        family_name,
        n_addresses,
        substr(words, 1, position) as first_part,
        substr(words, position + 1) as last_part,
        'glued' as reading,
    from local_parts, unnest(generate_array(1, length(words) - 1)) as position
    where strpos(words, ' ') = 0 and length(words) between 4 and 30

)

select * from readings
