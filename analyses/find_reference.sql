-- Which records and entities somebody means: by the id of a record or an entity, retired ones as well, by an e-mail
-- address, a phone number or a web domain, or by the id that a record has in its source. What lies in the quarantine is
-- found there, and ids that look alike are offered.
with

asked as (

    select
        {{ fill_in('reference') }} as reference,
        lower(trim({{ fill_in('reference') }})) as address,
        if(
            regexp_contains({{ fill_in('reference') }}, r'^[-+0-9 ().]+$'),
            regexp_replace({{ fill_in('reference') }}, r'[^0-9]', ''),
            null
        ) as digits,

),

records as (

    select
        'person' as entity,
        records.record_id,
        assignments.person_id as entity_id,
        array_concat(records.emails, records.phones) as contacts,
    from {{ ref('int_person_records') }} as records
    inner join {{ ref('person_assignments') }} as assignments on records.record_id = assignments.record_id
    union all
    select
        'company' as entity,
        records.record_id,
        assignments.company_id as entity_id,
        array_concat(records.domains, records.phones) as contacts,
    from {{ ref('int_company_records') }} as records
    inner join {{ ref('company_assignments') }} as assignments on records.record_id = assignments.record_id

),

contacts as (

    select
        records.entity,
        records.record_id,
        records.entity_id,
        contact,
    from records, unnest(records.contacts) as contact

),

found as (

    select
        'record' as found_as,
        records.entity,
        records.record_id,
        records.entity_id,
        cast(null as string) as detail,
        cast(null as timestamp) as happened_at,
    from records
    inner join asked on records.record_id = asked.reference
    union all
    select distinct
        'entity' as found_as,
        records.entity,
        cast(null as string) as record_id,
        records.entity_id,
        cast(null as string) as detail,
        cast(null as timestamp) as happened_at,
    from records
    inner join asked on records.entity_id = asked.reference
    union all
    select
        'retired' as found_as,
        aliases.entity,
        cast(null as string) as record_id,
        aliases.entity_id,
        aliases.event as detail,
        aliases.retired_at as happened_at,
    from {{ ref('entity_aliases') }} as aliases
    inner join asked on aliases.retired_id = asked.reference
    union all
    select
        'contact' as found_as,
        contacts.entity,
        contacts.record_id,
        contacts.entity_id,
        contacts.contact as detail,
        cast(null as timestamp) as happened_at,
    from contacts
    inner join asked on contacts.contact = {{ canonical_email('asked.address') }}
    union all
    select
        'contact' as found_as,
        contacts.entity,
        contacts.record_id,
        contacts.entity_id,
        contacts.contact as detail,
        cast(null as timestamp) as happened_at,
    from contacts
    inner join asked
        on
            right(regexp_replace(contacts.contact, r'[^0-9]', ''), 9) = right(asked.digits, 9)
            and length(asked.digits) >= 7
    where regexp_contains(contacts.contact, r'^\+?[0-9]+$')
    union all
    select
        'source_id' as found_as,
        records.entity,
        records.record_id,
        records.entity_id,
        cast(null as string) as detail,
        cast(null as timestamp) as happened_at,
    from records
    inner join asked on regexp_extract(records.record_id, r'([^:]*)$') = asked.reference
    where records.record_id != asked.reference
    union all
    select
        'quarantine' as found_as,
        cast(null as string) as entity,
        quarantine.source || ':' || quarantine.source_table || ':' || quarantine.source_id as record_id,
        cast(null as string) as entity_id,
        quarantine.reason as detail,
        quarantine.quarantined_at as happened_at,
    from {{ ref('stg_quarantine') }} as quarantine
    inner join asked
        on
            quarantine.source_id = asked.reference
            or quarantine.source || ':' || quarantine.source_table || ':' || quarantine.source_id = asked.reference

),

alike as (

    select
        'alike' as found_as,
        records.entity,
        records.record_id,
        records.entity_id,
        cast(null as string) as detail,
        cast(null as timestamp) as happened_at,
        edit_distance(records.record_id, asked.reference) as distance,
    from records
    cross join asked
    where abs(length(records.record_id) - length(asked.reference)) <= 3
    order by distance, records.record_id
    limit 3

)

select * from found  -- noqa: AM07
union all
select * except (distance) from alike
where distance <= 3
