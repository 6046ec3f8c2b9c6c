{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_hubspot__contact') }}

),

staged as (

    select
        concat('hubspot:contact:', cast(id as string)) as record_id,
        cast(id as string) as contact_id,
        cast(property_associatedcompanyid as string) as company_id,
        -- Two properties say what was merged away: "vid:timestamp" items, and bare ids; a contact may name itself.
        array(
            select distinct regexp_extract(item, r'^\s*(\d+)') as merged_contact_id
            from
                unnest(split(
                    array_to_string([property_hs_calculated_merged_vids, property_hs_merged_object_ids], ';'), ';'
                )) as item
            where regexp_extract(item, r'^\s*(\d+)') != cast(id as string)
            order by merged_contact_id
        ) as merged_contact_ids,

        -- person
        {{ text_or_null('property_firstname') }} as given_name,
        {{ text_or_null('property_lastname') }} as family_name,
        {{ text_or_null('property_jobtitle') }} as job_title,
        {{ text_array("split(array_to_string([property_email, property_hs_additional_emails], ';'), ';')") }} as emails,
        {{ text_array('[property_phone, property_mobilephone]') }} as phones,
        {{ text_or_null('property_date_of_birth') }} as date_of_birth,
        {{ text_or_null('property_lifecyclestage') }} as lifecycle_stage,

        -- company and address
        {{ text_or_null('property_company') }} as company_name,
        {{ text_or_null('property_address') }} as street,
        {{ text_or_null('property_city') }} as city,
        {{ text_or_null('property_state') }} as region,
        {{ text_or_null('property_zip') }} as postcode,
        {{ text_or_null('property_country') }} as country,

        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,
        property_createdate as created_at,
        coalesce(property_lastmodifieddate, property_createdate) as updated_at,
        _fivetran_synced as synced_at,
    from source
    where quarantine_reason is null

)

select * from staged
