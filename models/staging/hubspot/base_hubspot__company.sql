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
ranked as (

    select
        *,
        row_number() over (
            partition by id, row_problem
            order by property_hs_lastmodifieddate desc nulls last, _fivetran_synced desc nulls last, row_json
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
