with

source as (

    select * from {{ source('salesforce', 'task') }}

),

checked as (

    select
        *,
        to_json_string(source) as row_json,
        case
            when {{ text_or_null('id') }} is null then 'missing_id'
            when activity_date is null and created_date is null then 'missing_time'
            when {{ is_in_future('created_date') }} then 'created_in_future'
            when call_duration_in_seconds < 0 then 'negative_duration'
        end as row_problem,
    from source

),

classified as (

    {{ salesforce_classified_rows('checked') }}

)

select * from classified
