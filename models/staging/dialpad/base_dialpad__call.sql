with

source as (

    select * from {{ source('dialpad', 'call') }}

),

checked as (

    select
        *,
        to_json_string(source) as row_json,
        case
            when {{ text_or_null('call_id') }} is null then 'missing_id'
            when date_started is null then 'missing_time'
            when {{ is_in_future('date_started') }} then 'started_in_future'
            when duration_ms < 0 or date_ended < date_started then 'negative_duration'
        end as row_problem,
    from source

),

classified as (

    {{ classified_rows(
        'checked',
        id='call_id',
        order_by='_synced_at desc nulls last, date_ended desc nulls last',
        synced_at='_synced_at'
    ) }}

)

select * from classified
