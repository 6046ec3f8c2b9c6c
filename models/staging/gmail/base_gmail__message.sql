with

source as (

    select * from {{ source('gmail', 'message') }}

),

messages_with_participants as (

    select distinct message_id
    from {{ source('gmail', 'message_participant') }}
    where {{ is_email_address('address') }}

),

checked as (

    select
        source.*,
        to_json_string(source) as row_json,
        case
            when {{ text_or_null('source.id') }} is null then 'missing_id'
            when source.internal_date is null then 'missing_time'
            when {{ is_in_future('source.internal_date') }} then 'sent_in_future'
            when messages_with_participants.message_id is null then 'no_participants'
        end as row_problem,
    from source
    left join messages_with_participants
        on source.id = messages_with_participants.message_id

),

classified as (

    {{ classified_rows(
        'checked',
        id='id',
        order_by='_synced_at desc nulls last',
        synced_at='_synced_at'
    ) }}

)

select * from classified
