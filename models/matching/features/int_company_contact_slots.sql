-- Domains, phones and identifiers as plain columns, so that comparing a pair needs no array work.
-- Slots fill from the most telling value on: own before shared, rare before common; an agent's number in none.
with

records as (

    select * from {{ ref('int_company_distinct_records') }}

),

contact_usage as (

    select * from {{ ref('int_company_contact_usage') }}

),

ranked_phones as (

    select
        records.record_id,
        phone as value,
        contact_usage.is_shared,
        row_number() over (
            partition by records.record_id, contact_usage.is_shared
            order by contact_usage.n_records, phone
        ) as slot,
    from records, unnest(records.phones) as phone
    inner join contact_usage on phone = contact_usage.value
    where not contact_usage.is_agent

),

ranked_domains as (

    select
        records.record_id,
        domain as value,
        row_number() over (partition by records.record_id order by domain) as slot,
    from records, unnest(records.domains) as domain

),

identifiers as (

    select
        records.record_id,
        identifier.type as identifier_type,
        identifier.value,
    from {{ ref('int_company_distinct_records') }} as records, unnest(records.identifiers) as identifier

),

-- One slot per type of identifier, the type that most records have first: only like is compared with like.
ranked_identifier_types as (

    select
        identifier_type,
        row_number() over (order by count(*) desc, identifier_type) as slot,
    from identifiers
    group by identifier_type

),

slotted_values as (

    select
        record_id,
        if(is_shared, 'shared_phone_', 'phone_') || cast(slot as string) as slot_name,
        value,
    from ranked_phones
    union all
    select
        record_id,
        'domain_' || cast(slot as string) as slot_name,
        value,
    from ranked_domains
    union all
    select
        identifiers.record_id,
        'identifier_' || cast(ranked_identifier_types.slot as string) as slot_name,
        identifiers.value,
    from identifiers
    inner join ranked_identifier_types on identifiers.identifier_type = ranked_identifier_types.identifier_type

),

pivoted as (

    select
        record_id,
        {% for slot in model_slots(company_model()) %}
            max(if(slot_name = '{{ slot }}', value, null)) as {{ slot }},
        {% endfor %}
    from slotted_values
    group by record_id

)

select * from pivoted
