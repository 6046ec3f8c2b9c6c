{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_salesforce__contact') }}

),

staged as (

    select
        concat('salesforce:contact:', {{ salesforce_id('id') }}) as record_id,
        {{ salesforce_id('id') }} as contact_id,
        {{ salesforce_id('account_id') }} as account_id,
        {{ salesforce_id('master_record_id') }} as master_contact_id,

        -- person
        {{ text_or_null('first_name') }} as given_name,
        {{ text_or_null('last_name') }} as family_name,
        {{ text_or_null('name') }} as full_name,
        {{ text_or_null('salutation') }} as salutation,
        {{ text_or_null('title') }} as job_title,
        {{ text_or_null('email') }} as email,
        {{ text_array('[phone, mobile_phone, home_phone, other_phone]') }} as phones,
        birthdate as date_of_birth,

        -- address
        {{ text_or_null('mailing_street') }} as street,
        {{ text_or_null('mailing_city') }} as city,
        {{ text_or_null('mailing_state') }} as region,
        {{ text_or_null('mailing_postal_code') }} as postcode,
        {{ text_or_null('mailing_country') }} as country,

        {{ text_or_null('lead_source') }} as lead_source,
        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,
        created_date as created_at,
        coalesce(system_modstamp, created_date) as updated_at,
        _fivetran_synced as synced_at,
    from source
    where quarantine_reason is null

)

select * from staged
