{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_salesforce__account') }}

),

staged as (

    select
        concat('salesforce:account:', {{ salesforce_id('id') }}) as record_id,
        {{ salesforce_id('id') }} as account_id,
        {{ salesforce_id('master_record_id') }} as master_account_id,
        {{ salesforce_id('parent_id') }} as parent_account_id,

        -- company
        {{ text_or_null('name') }} as company_name,
        {{ text_or_null('website') }} as website,
        {{ text_or_null('phone') }} as phone,
        {{ text_or_null('type') }} as account_type,
        {{ text_or_null('industry') }} as industry,

        -- address
        {{ text_or_null('billing_street') }} as street,
        {{ text_or_null('billing_city') }} as city,
        {{ text_or_null('billing_state') }} as region,
        {{ text_or_null('billing_postal_code') }} as postcode,
        {{ text_or_null('billing_country') }} as country,

        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,
        created_date as created_at,
        coalesce(system_modstamp, created_date) as updated_at,
        _fivetran_synced as synced_at,
    from source
    where quarantine_reason is null

)

select * from staged
