with

messages as (

    select * from {{ ref('stg_gmail__messages') }}

),

addresses as (

    select
        message_id,
        role,
        {{ canonical_email(clean_email('address')) }} as address,
    from {{ ref('stg_gmail__participants') }}

),

fingerprints as (

    {{ message_fingerprint('messages', 'addresses', 'message_id') }}

)

select * from fingerprints
