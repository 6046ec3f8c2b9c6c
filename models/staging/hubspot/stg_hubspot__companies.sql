{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_hubspot__company') }}

),

staged as (

    select
        concat('hubspot:company:', cast(id as string)) as record_id,
        cast(id as string) as company_id,
        -- Connectors give this number as a fraction or as a whole.
        cast(cast(property_hs_parent_company_id as int64) as string) as parent_company_id,

        -- company
        {{ text_or_null('property_name') }} as company_name,
        {{ text_array('[property_domain, property_website]') }} as domains,
        {{ text_or_null('property_domain') }} as main_domain,
        {{ text_or_null('property_phone') }} as phone,
        {{ text_or_null('property_industry') }} as industry,

        -- address
        {{ text_or_null('property_address') }} as street,
        {{ text_or_null('property_city') }} as city,
        {{ text_or_null('property_state') }} as region,
        {{ text_or_null('property_zip') }} as postcode,
        {{ text_or_null('property_country') }} as country,

        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,
        property_createdate as created_at,
        coalesce(property_hs_lastmodifieddate, property_createdate) as updated_at,
        _fivetran_synced as synced_at,
    from source
    where quarantine_reason is null

)

select * from staged
