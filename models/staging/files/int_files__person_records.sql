with

people as (

    select * from {{ ref('stg_files__people') }}

),

shaped as (

    select
        record_id,
        source_system,
        'people' as source_table,
        source_id,
        given_name,
        middle_name,
        family_name,
        name_suffix,
        full_name,
        emails,
        phones,
        company_name,
        company_domain,
        job_title,
        street,
        city,
        region,
        postcode,
        country,
        date_of_birth,
        identifiers,
        is_source_duplicate_free,
        updated_at,
    from people

)

select * from shaped
