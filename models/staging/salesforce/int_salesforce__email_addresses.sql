with

messages as (

    select * from {{ ref('stg_salesforce__email_messages') }}
    where not is_deleted

),

fields as (

    select
        messages.email_message_id,
        messages.is_incoming,
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

),

cleaned as (

    select
        fields.email_message_id,
        fields.is_incoming,
        fields.role,
        fields.name,
        {{ clean_email('item') }} as address,
    from fields
    cross join unnest(split(fields.addresses, if(strpos(fields.addresses, ';') > 0, ';', ','))) as item

),

addresses as (

    select
        email_message_id,
        is_incoming,
        role,
        name,
        {{ canonical_email('address') }} as address,
    from cleaned
    where {{ is_valid_email('address') }}

)

select * from addresses
