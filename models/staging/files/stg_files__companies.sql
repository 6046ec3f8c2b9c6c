{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_files__companies') }}

),

staged as (

    select
        {{ file_record_id('companies') }} as record_id,
        {{ text_or_null('record_id') }} as source_id,
        {{ file_source_system() }} as source_system,

        -- company
        {{ text_or_null('company_name') }} as company_name,
        {{ text_or_null('legal_suffix') }} as legal_suffix,
        {{ text_array('domains') }} as domains,
        {{ text_array('emails') }} as emails,
        {{ text_array('phones') }} as phones,
        coalesce(identifiers, {{ no_identifiers() }}) as identifiers,

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
