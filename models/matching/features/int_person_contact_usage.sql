-- How many different people seem to stand behind an e-mail address or a phone number.
with

role_mailboxes as (

    select * from {{ ref('stg_word_lists__role_mailboxes') }}

),

strangers as (

    select * from {{ ref('int_person_contact_strangers') }}

),

-- A number that a record of a company gives is a switchboard, even where a single person has given it so far.
company_phones as (

    select distinct phone
    from {{ ref('int_company_contact_points') }} as points, unnest(points.phones) as phone

),

counted as (

    select
        *,
        if(contact_type = 'email', regexp_extract(value, r'^([^@]+)@'), null) as mailbox,
        -- Offices number their mailboxes (kontakt2); short words with digits may be somebody's initials.
        if(
            contact_type = 'email', regexp_extract(value, r'^([a-z.-]{4,}?)[-_.]?[0-9]{1,2}@'), null
        ) as numbered_mailbox,
    from {{ ref('int_person_contact_counts') }}

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
