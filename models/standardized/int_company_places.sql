{{ config(materialized='view') }}

with

source_records as (

    select * from {{ ref('int_company_source_records') }}

),

streets as (

    select * from {{ ref('int_streets') }}

),

countries as (

    select * from {{ ref('countries') }}

),

region_names as (

    select * from {{ ref('region_names') }}

),

cleaned as (

    select
        record_id,
        street as source_street,
        {{ plain_text('city') }} as city,
        {{ plain_text('region') }} as region,
        {{ standard_postcode('postcode') }} as postcode,
        {{ plain_text('country') }} as country_name,
    from source_records

),

located as (

    select
        cleaned.record_id,
        streets.street,
        regexp_replace(cleaned.city, r'^st ', 'saint ') as city,
        coalesce(region_names.region_code, cleaned.region) as region,
        cleaned.postcode,
        countries.country_code as country,
    from cleaned
    left join streets on cleaned.source_street = streets.source_street
    left join countries on cleaned.country_name = countries.name
    -- A state's name is read as one unless the record names a country without such a state.
    left join region_names
        on
            cleaned.region = region_names.name
            and coalesce(countries.country_code, region_names.country_code) = region_names.country_code

)

select * from located
