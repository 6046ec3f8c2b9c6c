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

classified as (

    {{ classified_rows(
        'checked',
        id='id',
        order_by='property_hs_lastmodifieddate desc nulls last, _fivetran_synced desc nulls last',
        synced_at='_fivetran_synced'
    ) }}

)

select * from classified
