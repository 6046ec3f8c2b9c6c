with

golden as (

    select * from {{ ref('int_person_golden') }}

),

final as (

    select
        person_id,
        company_id,
        display_name,
        given_name,
        middle_name,
        family_name,
        name_suffix,
        full_name,
        full_name_matching,
        date_of_birth,
        primary_email,
        emails,
        primary_phone,
        phones,
        job_title,
        company_name,
        street,
        city,
        region,
        postcode,
        country,
        n_records,
        source_systems,
        last_updated_at,
    from golden

)

select * from final
