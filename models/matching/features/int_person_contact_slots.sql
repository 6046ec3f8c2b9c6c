-- Contact points and identifiers as plain columns, so that comparing a pair needs no array work.
-- Slots fill from the most telling value on: personal before shared, rare before common.
with

records as (

    select * from {{ ref('int_person_distinct_records') }}

),

contact_usage as (

    select * from {{ ref('int_person_contact_usage') }}

),

contact_points as (

    select
        records.record_id,
        'email' as contact_type,
        email as value,
    from records, unnest(records.emails) as email
    union all
    select
        records.record_id,
        'phone' as contact_type,
        phone as value,
    from records, unnest(records.phones) as phone

),

ranked_contact_points as (

    select
        contact_points.record_id,
        contact_points.contact_type,
        contact_points.value,
        contact_usage.usage,
        row_number() over (
            partition by contact_points.record_id, contact_points.contact_type, contact_usage.usage
            order by contact_usage.n_records, contact_points.value
        ) as slot,
    from contact_points
    inner join contact_usage
        on
            contact_points.contact_type = contact_usage.contact_type
            and contact_points.value = contact_usage.value

),

identifiers as (

    select
        records.record_id,
        identifier.type as identifier_type,
        identifier.value,
    from {{ ref('int_person_distinct_records') }} as records, unnest(records.identifiers) as identifier

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
        if(usage = 'personal', '', usage || '_') || contact_type || '_' || cast(slot as string) as slot_name,
        value,
    from ranked_contact_points
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
        {% for slot in model_slots(person_model()) %}
            max(if(slot_name = '{{ slot }}', value, null)) as {{ slot }},
        {% endfor %}
    from slotted_values
    group by record_id

)

select * from pivoted
