-- Addresses and numbers at which two people stand whose names have no word in common, not even as an initial, a
-- nickname or a slip: a desk, a couple, a number that went to somebody else. Many names are counted, not compared.
with

records as (

    select * from {{ ref('int_person_distinct_records') }}

),

nickname_pairs as (

    select * from {{ ref('int_nickname_pairs') }}

),

contact_names as (

    select distinct
        'email' as contact_type,
        email as value,
        {{ latin_letters('records.given_name') }} || ' ' || {{ latin_letters('records.family_name') }} as name,
    from records, unnest(records.emails) as email
    where records.given_name is not null and records.family_name is not null
    union distinct
    select distinct
        'phone' as contact_type,
        phone as value,
        {{ latin_letters('records.given_name') }} || ' ' || {{ latin_letters('records.family_name') }} as name,
    from records, unnest(records.phones) as phone
    where records.given_name is not null and records.family_name is not null

),

several_names as (

    select
        contact_type,
        value,
    from contact_names
    group by contact_type, value
    having count(*) between 2 and 12

),

name_words as (

    select
        contact_names.contact_type,
        contact_names.value,
        contact_names.name,
        word,
    from contact_names
    inner join several_names
        on
            contact_names.contact_type = several_names.contact_type
            and contact_names.value = several_names.value
    cross join unnest(split(contact_names.name, ' ')) as word

),

-- A name in Chinese and one in Latin letters may be one person's.
name_pairs as (

    select
        l.contact_type,
        l.value,
        logical_or(
            nickname_pairs.name_l is not null
            or starts_with(l.word, r.word)
            or starts_with(r.word, l.word)
            or {{ is_other_script('l.word', 'r.word') }}
            or {{ is_similar_text('l.word', 'r.word') }}
            or (
                least(length(l.word), length(r.word)) > 3
                and soundex(regexp_replace(l.word, r'[^a-z]', '')) = soundex(regexp_replace(r.word, r'[^a-z]', ''))
            )
        ) as is_related,
    from name_words as l
    inner join name_words as r
        on l.contact_type = r.contact_type and l.value = r.value and l.name < r.name
    left join nickname_pairs on l.word = nickname_pairs.name_l and r.word = nickname_pairs.name_r
    group by l.contact_type, l.value, l.name, r.name

),

strangers as (

    select
        contact_type,
        value,
        countif(not is_related) as n_pairs_of_strangers,
    from name_pairs
    group by contact_type, value
    having countif(not is_related) > 0

)

select * from strangers
