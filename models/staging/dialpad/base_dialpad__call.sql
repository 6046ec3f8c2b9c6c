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

-- Only rows without a problem compete for an id, so that a broken newer row does not displace a good one.
ranked as (

    select
        *,
        row_number() over (
            partition by call_id, row_problem
            order by _synced_at desc nulls last, date_ended desc nulls last, row_json
        ) as version_rank,
    from checked

),

classified as (

    select
        * except (row_problem, version_rank),
        coalesce(row_problem, if(version_rank > 1, 'duplicate_id', null)) as quarantine_reason,
    from ranked

)

select * from classified
