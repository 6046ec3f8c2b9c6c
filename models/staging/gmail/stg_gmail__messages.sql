{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_gmail__message') }}

),

staged as (

    select
        id as message_id,
        {{ rfc822_message_id('rfc822_message_id') }} as rfc822_message_id,
        {{ text_or_null('thread_id') }} as thread_id,
        lower({{ text_or_null('mailbox') }}) as mailbox,
        {{ text_or_null('subject') }} as subject,
        {{ text_or_null('snippet') }} as snippet,
        {{ text_or_null('label_ids') }} as label_ids,
        size_estimate,
        internal_date as sent_at,
        _synced_at as synced_at,
    from source
    where quarantine_reason is null

)

select * from staged
