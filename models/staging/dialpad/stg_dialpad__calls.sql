{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_dialpad__call') }}

),

cities as (

    select * from {{ ref('caller_cities') }}

),

cleaned as (

    select
        call_id,
        lower({{ text_or_null('direction') }}) as direction,
        {{ text_or_null('state') }} as call_state,

        -- Digits with a leading plus as dialled; null for a withheld number.
        nullif(regexp_replace({{ text_or_null('external_number') }}, r'[^0-9+]', ''), '') as external_number,
        {{ text_or_null('internal_number') }} as internal_number,

        -- what Dialpad's address book says of the other side
        {{ text_or_null('contact_name') }} as contact_name,
        lower({{ text_or_null('contact_email') }}) as contact_email,
        {{ text_or_null('contact_company') }} as contact_company,

        -- our side
        lower({{ text_or_null('target_type') }}) as target_type,
        {{ text_or_null('target_name') }} as target_name,
        lower({{ text_or_null('target_email') }}) as target_email,

        coalesce(was_recorded, false) as was_recorded,
        date_started as started_at,
        date_connected as connected_at,
        date_ended as ended_at,
        div(duration_ms, 1000) as duration_seconds,
        _synced_at as synced_at,
    from source
    where quarantine_reason is null

),

staged as (

    select
        cleaned.* except (contact_name),
        -- Where nobody is known by name, networks say where the number is.
        if(cities.city is null, cleaned.contact_name, null) as contact_name,
        concat('dialpad:caller:', cleaned.external_number) as caller_record_id,
    from cleaned
    left join cities on {{ caller_city('cleaned.contact_name') }} = cities.city

)

select * from staged
