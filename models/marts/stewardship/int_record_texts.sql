{{ config(materialized='view') }}

-- What a person reads to tell records apart, as one text per kind.
with

persons as (

    select * from {{ ref('int_person_records') }}

),

companies as (

    select * from {{ ref('int_company_records') }}

),

final as (

    select
        'person' as entity,
        record_id,
        full_name as record_name,
        nullif(array_to_string([street, postcode, city, region, country], ', '), '') as record_address,
        nullif(
            array_to_string(array_concat(emails, phones, [coalesce(company_name, company_domain)]), ', '), ''
        ) as record_contacts,
    from persons
    union all
    select
        'company' as entity,
        record_id,
        company_name as record_name,
        nullif(array_to_string([street, postcode, city, region, country], ', '), '') as record_address,
        nullif(array_to_string(array_concat(domains, phones), ', '), '') as record_contacts,
    from companies

)

select * from final
