with

messages as (

    select * from {{ ref('stg_salesforce__email_messages') }}
    where not is_deleted

),

addresses as (

    select * from {{ ref('int_salesforce__email_addresses') }}

),

fingerprints as (

    {{ message_fingerprint('messages', 'addresses', 'email_message_id') }}

)

select * from fingerprints
