with

source as (

    select * from {{ source('salesforce', 'contact') }}

),

checked as (

    select
        *,
        to_json_string(source) as row_json,
        case
            when {{ text_or_null('id') }} is null then 'missing_id'
            when {{ is_in_future('created_date') }} then 'created_in_future'
        end as row_problem,
    from source

),

classified as (

    {{ salesforce_classified_rows('checked') }}

)

select * from classified
