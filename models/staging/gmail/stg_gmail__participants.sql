{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_gmail__message_participant') }}

),

messages as (

    select * from {{ ref('stg_gmail__messages') }}

),

own_mailboxes as (

    select
        mailbox,
        {{ email_domain('mailbox') }} as domain,
    from messages
    where mailbox is not null
    group by mailbox

),

-- A mailbox at a free mail provider does not make everybody else there a colleague.
own_domains as (

    select distinct own_mailboxes.domain
    from own_mailboxes
    left join {{ ref('stg_word_lists__free_mail_domains') }} as free_mail_domains
        on own_mailboxes.domain = free_mail_domains.domain
    where free_mail_domains.domain is null

),

cleaned as (

    select
        message_id,
        lower(role) as role,
        lower({{ text_or_null('address') }}) as address,
        {{ email_domain("lower(" ~ text_or_null('address') ~ ")") }} as domain,
        {{ text_or_null('display_name') }} as display_name,
        position,
        _synced_at as synced_at,
    from source
    where quarantine_reason is null

),

staged as (

    select
        cleaned.*,
        concat('gmail:participant:', cleaned.address) as participant_record_id,
        messages.sent_at,
        own_domains.domain is not null or own_mailboxes.mailbox is not null as is_internal,
    from cleaned
    inner join messages
        on cleaned.message_id = messages.message_id
    left join own_domains
        on cleaned.domain = own_domains.domain
    left join own_mailboxes
        on cleaned.address = own_mailboxes.mailbox

)

select * from staged
