{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_files__people') }}

),

staged as (

    select
        {{ file_record_id('people') }} as record_id,
        {{ text_or_null('record_id') }} as source_id,
        {{ file_source_system() }} as source_system,

        -- person
        {{ text_or_null('given_name') }} as given_name,
        {{ text_or_null('middle_name') }} as middle_name,
        {{ text_or_null('family_name') }} as family_name,
        {{ text_or_null('name_suffix') }} as name_suffix,
        {{ text_or_null('full_name') }} as full_name,
        {{ text_or_null('date_of_birth') }} as date_of_birth,
        {{ text_or_null('job_title') }} as job_title,
        -- As found: each value is cleaned where it is looked up. A million arrays would take half of this model.
        coalesce(emails, cast([] as array<string>)) as emails,
        coalesce(phones, cast([] as array<string>)) as phones,
        coalesce(identifiers, {{ no_identifiers() }}) as identifiers,

        -- company
        {{ text_or_null('company_name') }} as company_name,
        {{ text_or_null('company_domain') }} as company_domain,

        -- address
        {{ text_or_null('street') }} as street,
        {{ text_or_null('city') }} as city,
        {{ text_or_null('region') }} as region,
        {{ text_or_null('postcode') }} as postcode,
        {{ text_or_null('country') }} as country,

        coalesce(is_source_duplicate_free, false) as is_source_duplicate_free,
        coalesce(updated_at, _loaded_at) as updated_at,
        _loaded_at as synced_at,
    from source
    where quarantine_reason is null

)

select * from staged
