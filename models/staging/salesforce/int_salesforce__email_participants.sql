with

messages as (

    select * from {{ ref('stg_salesforce__email_messages') }}
    where not is_deleted

),

-- The other side of a message: its sender when it came in, its receivers when we sent it.
other_side as (

    select
        messages.email_message_id,
        field.role,
        field.name,
        field.addresses,
    from messages
    cross join
        unnest([
            struct('from' as role, messages.from_name as name, messages.from_address as addresses),
            struct('to' as role, cast(null as string) as name, messages.to_addresses as addresses),
            struct('cc' as role, cast(null as string) as name, messages.cc_addresses as addresses),
            struct('bcc' as role, cast(null as string) as name, messages.bcc_addresses as addresses)
        ]) as field
    where (field.role = 'from') = coalesce(messages.is_incoming, true)

),

addresses as (

    select
        other_side.email_message_id,
        other_side.role,
        other_side.name,
        {{ clean_email('item') }} as address,
    from other_side
    cross join unnest(split(other_side.addresses, if(strpos(other_side.addresses, ';') > 0, ';', ','))) as item

),

-- One row per message and address, in the most prominent role.
participants as (

    select
        email_message_id,
        role,
        name,
        {{ canonical_email('address') }} as address,
    from addresses
    where {{ is_valid_email('address') }}
    qualify row_number() over (
        partition by email_message_id, {{ canonical_email('address') }}
        order by case role when 'from' then 1 when 'to' then 2 when 'cc' then 3 else 4 end, name
    ) = 1

)

select * from participants
