with

source as (

    select * from {{ source('salesforce', 'email_message') }}

),

checked as (

    select
        *,
        to_json_string(source) as row_json,
        case
            when {{ text_or_null('id') }} is null then 'missing_id'
            when coalesce(message_date, created_date) is null then 'missing_time'
            when {{ is_in_future('created_date') }} then 'created_in_future'
            when {{ is_in_future('message_date') }} then 'sent_in_future'
            when coalesce(from_address, to_address, cc_address, bcc_address) is null then 'no_participants'
        end as row_problem,
    from source

),

classified as (

    {{ salesforce_classified_rows('checked') }}

)

select * from classified
