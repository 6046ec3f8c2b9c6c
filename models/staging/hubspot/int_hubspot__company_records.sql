with

companies as (

    select * from {{ ref('stg_hubspot__companies') }}
    where not is_deleted

),

shaped as (

    select
        record_id,
        'hubspot_company' as source_system,
        'company' as source_table,
        company_id as source_id,
        company_name,
        domains,
        {{ text_array('[phone]') }} as phones,
        street,
        city,
        region,
        postcode,
        country,
        concat('hubspot:company:', parent_company_id) as parent_record_id,
        updated_at,
    from companies

)

select * from shaped
