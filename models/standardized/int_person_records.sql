with

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

standard_names as (

    select * from {{ ref('int_person_standard_names') }}

),

contact_points as (

    select * from {{ ref('int_person_contact_points') }}

),

company_names as (

    select * from {{ ref('int_company_names') }}

),

places as (

    select * from {{ ref('int_person_places') }}

),

birth_dates as (

    select * from {{ ref('int_birth_dates') }}

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
        standard_names.given_name,
        standard_names.middle_name,
        standard_names.family_name,
        standard_names.name_suffix,
        standard_names.full_name,
        contact_points.emails,
        contact_points.phones,
        company_names.company_name,
        contact_points.company_domain,
        {{ plain_text('source_records.job_title') }} as job_title,
        places.street,
        places.city,
        places.region,
        places.postcode,
        places.country,
        birth_dates.date_of_birth,
        birth_dates.date_of_birth_alternate,
        birth_dates.birth_year,
        birth_dates.birth_month,
        coalesce(identifiers.identifiers, {{ no_identifiers() }}) as identifiers,
        source_records.company_record_id,
        source_records.linked_record_ids,
        source_records.exclusive_source,
        source_records.updated_at,
    from source_records
    left join standard_names on source_records.record_id = standard_names.record_id
    left join contact_points on source_records.record_id = contact_points.record_id
    left join company_names on source_records.company_name = company_names.source_name
    left join places on source_records.record_id = places.record_id
    left join birth_dates on source_records.date_of_birth = birth_dates.source_date
    left join identifiers on source_records.record_id = identifiers.record_id

),

hashed as (

    select
        *,
        -- The same hash means that records say the same about a person; what they are linked to is no part of it.
        to_hex(sha256(to_json_string(struct(
            given_name as given_name,
            middle_name as middle_name,
            family_name as family_name,
            name_suffix as name_suffix,
            emails as emails,
            phones as phones,
            company_name as company_name,
            company_domain as company_domain,
            job_title as job_title,
            street as street,
            city as city,
            region as region,
            postcode as postcode,
            country as country,
            date_of_birth as date_of_birth,
            date_of_birth_alternate as date_of_birth_alternate,
            if(
                date_of_birth is null and birth_month is not null, 100 * birth_year + birth_month, birth_year
            ) as birth_year,
            identifiers as identifiers
        )))) as record_hash,
    from standardized

)

select * from hashed
