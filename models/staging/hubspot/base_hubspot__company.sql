{{ config(materialized='view') }}

with

source as (

    select * from {{ source('hubspot', 'company') }}

),

checked as (

    select
        *,
        to_json_string(source) as row_json,
        case
            when id is null then 'missing_id'
            when {{ is_in_future('property_createdate') }} then 'created_in_future'
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
        partition by id, row_problem
        order by
            property_hs_lastmodifieddate desc nulls last,
            _fivetran_synced desc nulls last,
            row_json
    )

)

select * from classified
