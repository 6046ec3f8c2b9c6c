with

contacts as (

    select * from {{ ref('stg_hubspot__contacts') }}
    where not is_deleted

),

companies as (

    select * from {{ ref('stg_hubspot__companies') }}
    where not is_deleted

),

shaped as (

    select
        contacts.record_id,
        'hubspot_contact' as source_system,
        'contact' as source_table,
        contacts.contact_id as source_id,
        contacts.given_name,
        contacts.family_name,
        contacts.emails,
        contacts.phones,
        coalesce(contacts.company_name, companies.company_name) as company_name,
        companies.main_domain as company_domain,
        contacts.job_title,
        contacts.street,
        contacts.city,
        contacts.region,
        contacts.postcode,
        contacts.country,
        contacts.date_of_birth,
        concat('hubspot:company:', contacts.company_id) as company_record_id,
        array(
            select concat('hubspot:contact:', merged_contact_id)
            from unnest(contacts.merged_contact_ids) as merged_contact_id
            order by merged_contact_id
        ) as linked_record_ids,
        contacts.updated_at,
    from contacts
    left join companies
        on contacts.company_id = companies.company_id

)

select * from shaped
