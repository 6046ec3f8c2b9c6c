with

source as (

    select * from {{ source('gmail', 'message_participant') }}

),

messages as (

    select * from {{ ref('stg_gmail__messages') }}

),

checked as (

    select
        source.*,
        to_json_string(source) as row_json,
        case
            when {{ text_or_null('source.message_id') }} is null then 'missing_id'
            when not coalesce({{ is_email_address('source.address') }}, false) then 'invalid_address'
            when coalesce(lower(source.role), '') not in ('from', 'to', 'cc', 'bcc', 'reply_to') then 'unknown_role'
            when messages.message_id is null then 'unknown_message'
        end as row_problem,
    from source
    left join messages
        on source.message_id = messages.message_id

),

classified as (

    {{ classified_rows(
        'checked',
        id='message_id',
        key='message_id, lower(role), lower(' ~ text_or_null('address') ~ ')',
        order_by='_synced_at desc nulls last, position',
        synced_at='_synced_at'
    ) }}

)

select * from classified
