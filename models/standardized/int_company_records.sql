with

source_records as (

    select * from {{ ref('int_company_source_records') }}

),

company_names as (

    select * from {{ ref('int_company_names') }}

),

contact_points as (

    select * from {{ ref('int_company_contact_points') }}

),

places as (

    select * from {{ ref('int_company_places') }}

),

identifiers as (

    select * from {{ ref('int_standard_identifiers') }}

),

standardized as (

    select
        source_records.record_id,
        source_records.source_system,
        source_records.source_table,
        source_records.source_id,
        company_names.company_name,
        company_names.legal_suffix,
        contact_points.domains,
        contact_points.phones,
        places.street,
        places.city,
        places.region,
        places.postcode,
        places.country,
        coalesce(identifiers.identifiers, {{ no_identifiers() }}) as identifiers,
        source_records.linked_record_ids,
        source_records.exclusive_source,
        source_records.updated_at,
    from source_records
    left join company_names on source_records.company_name = company_names.source_name
    left join contact_points on source_records.record_id = contact_points.record_id
    left join places on source_records.record_id = places.record_id
    left join identifiers on source_records.record_id = identifiers.record_id

),

hashed as (

    select
        *,
        to_hex(sha256(to_json_string(struct(
            company_name as company_name,
            legal_suffix as legal_suffix,
            domains as domains,
            phones as phones,
            street as street,
            city as city,
            region as region,
            postcode as postcode,
            country as country,
            identifiers as identifiers
        )))) as record_hash,
    from standardized

)

select * from hashed
