{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_salesforce__email_message') }}

),

staged as (

    select
        {{ salesforce_id('id') }} as email_message_id,
        {{ salesforce_id('activity_id') }} as activity_id,
        {{ salesforce_id('parent_id') }} as parent_id,
        {{ salesforce_id('related_to_id') }} as related_to_id,
        {{ rfc822_message_id('message_identifier') }} as rfc822_message_id,

        {{ text_or_null('subject') }} as subject,
        {{ text_or_null('from_name') }} as from_name,
        {{ text_or_null('from_address') }} as from_address,
        {{ text_or_null('to_address') }} as to_addresses,
        {{ text_or_null('cc_address') }} as cc_addresses,
        {{ text_or_null('bcc_address') }} as bcc_addresses,
        incoming as is_incoming,
        {{ text_or_null('status') }} as message_status,
        coalesce(message_date, created_date) as sent_at,

        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,
        created_date as created_at,
        coalesce(system_modstamp, created_date) as updated_at,
        _fivetran_synced as synced_at,
    from source
    where quarantine_reason is null

)

select * from staged
