{{ config(materialized='view') }}

with

source as (

    select * from {{ source('files', 'companies') }}

),

checked as (

    select
        *,
        to_json_string(source) as row_json,
        case
            when {{ text_or_null('record_id') }} is null then 'missing_id'
        end as row_problem,
    from source

),

-- Only rows without a problem compete for an id, so that a broken newer row does not displace a good one.
classified as (

    select
        * except (row_problem),
        if(row_number() over newest_first > 1, coalesce(row_problem, 'duplicate_id'), row_problem) as quarantine_reason,
    from checked
    window newest_first as (
        partition by {{ text_or_null('record_id') }}, row_problem
        order by
            updated_at desc nulls last,
            _loaded_at desc nulls last,
            row_json
    )

)

select * from classified
