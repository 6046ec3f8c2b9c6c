{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_salesforce__lead') }}

),

staged as (

    select
        concat('salesforce:lead:', {{ salesforce_id('id') }}) as record_id,
        {{ salesforce_id('id') }} as lead_id,
        {{ salesforce_id('master_record_id') }} as master_lead_id,
        {{ salesforce_id('converted_account_id') }} as converted_account_id,
        {{ salesforce_id('converted_contact_id') }} as converted_contact_id,

        -- person
        {{ text_or_null('first_name') }} as given_name,
        {{ text_or_null('last_name') }} as family_name,
        {{ text_or_null('name') }} as full_name,
        {{ text_or_null('salutation') }} as salutation,
        {{ text_or_null('title') }} as job_title,
        {{ text_or_null('email') }} as email,
        {{ text_array('[phone, mobile_phone]') }} as phones,

        -- company
        {{ text_or_null('company') }} as company_name,
        {{ text_or_null('website') }} as website,

        -- address
        {{ text_or_null('street') }} as street,
        {{ text_or_null('city') }} as city,
        {{ text_or_null('state') }} as region,
        {{ text_or_null('postal_code') }} as postcode,
        {{ text_or_null('country') }} as country,

        {{ text_or_null('lead_source') }} as lead_source,
        {{ text_or_null('status') }} as lead_status,
        coalesce(is_converted, false) as is_converted,
        converted_date,
        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,
        created_date as created_at,
        coalesce(system_modstamp, created_date) as updated_at,
        _fivetran_synced as synced_at,
    from source
    where quarantine_reason is null

)

select * from staged
