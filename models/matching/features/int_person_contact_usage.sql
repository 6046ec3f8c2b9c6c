-- How many different people seem to stand behind an e-mail address or a phone number.
with

records as (

    select * from {{ ref('int_person_distinct_records') }}

),

role_mailboxes as (

    select * from {{ ref('stg_word_lists__role_mailboxes') }}

),

strangers as (

    select * from {{ ref('int_person_contact_strangers') }}

),

common_names as (

    select * from {{ ref('stg_word_lists__common_names') }}

),

-- A number that a record of a company gives is a switchboard, even where a single person has given it so far.
company_phones as (

    select distinct phone
    from {{ ref('int_company_contact_points') }} as points, unnest(points.phones) as phone

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
        if(
            value_sizes.contact_type = 'email', regexp_extract(value_sizes.value, r'^([^@]+)@'), null
        ) as mailbox,
        -- Offices number their mailboxes (kontakt2); short words with digits may be somebody's initials.
        if(
            value_sizes.contact_type = 'email',
            regexp_extract(value_sizes.value, r'^([a-z.-]{4,}?)[-_.]?[0-9]{1,2}@'),
            null
        ) as numbered_mailbox,
    from value_sizes
    left join repeated_values
        on
            value_sizes.contact_type = repeated_values.contact_type
            and value_sizes.value = repeated_values.value

),

judged as (

    select
        counted.contact_type,
        counted.value,
        counted.n_records,
        counted.n_given_names,
        counted.n_family_names,
        counted.n_nameless_records,
        coalesce(role_mailboxes.local_part, numbered_mailboxes.local_part) is not null as is_role_mailbox,
        -- Variants of one person's name rarely reach four; a switchboard or a family passes this soon. Of many records
        -- without a name nobody knows whether they are one person. Two people with nothing of their names in common are
        -- enough: what one of them gives there says nothing of the other.
        coalesce(role_mailboxes.local_part, numbered_mailboxes.local_part) is not null
        or strangers.value is not null
        or company_phones.phone is not null
        or counted.n_family_names >= 4
        or counted.n_given_names >= 5
        or counted.n_nameless_records >= 5 as is_shared,
        counted.n_family_names >= 2 or counted.n_sexes >= 2 as has_few_names,
    from counted
    left join strangers
        on counted.contact_type = strangers.contact_type and counted.value = strangers.value
    left join company_phones on counted.contact_type = 'phone' and counted.value = company_phones.phone
    left join role_mailboxes on counted.mailbox = role_mailboxes.local_part
    left join role_mailboxes as numbered_mailboxes on counted.numbered_mailbox = numbered_mailboxes.local_part

),

-- Two or three family names at a number are a couple, a desk that changed hands or one person with a slip; a man's and
-- a woman's given name are a couple, too. At an address they nearly always are one person's.
classified as (

    select
        * except (has_few_names),
        case
            when is_shared then 'shared'
            when contact_type = 'phone' and has_few_names then 'few'
            else 'personal'
        end as usage,
    from judged

)

select * from classified
