with

addresses as (

    select * from {{ ref('int_salesforce__email_addresses') }}

),

-- The other side of a message: its sender when it came in, its receivers when we sent it. One row per message and
-- address, in the most prominent role.
participants as (

    select
        email_message_id,
        role,
        name,
        address,
    from addresses
    where (role = 'from') = coalesce(is_incoming, true)
    qualify row_number() over (
        partition by email_message_id, address
        order by case role when 'from' then 1 when 'to' then 2 when 'cc' then 3 else 4 end, name
    ) = 1

)

select * from participants
