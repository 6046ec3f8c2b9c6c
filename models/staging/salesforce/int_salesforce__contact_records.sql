with

contacts as (

    select * from {{ ref('stg_salesforce__contacts') }}

),

kept_contacts as (

    {{ salesforce_kept_rows('contacts', 'contact_id', 'master_contact_id') }}

),

accounts as (

    select * from {{ ref('stg_salesforce__accounts') }}
    where not is_deleted

),

shaped as (

    select
        contacts.record_id,
        'salesforce_contact' as source_system,
        'contact' as source_table,
        contacts.contact_id as source_id,
        contacts.given_name,
        contacts.family_name,
        contacts.full_name,
        {{ text_array('[contacts.email]') }} as emails,
        contacts.phones,
        accounts.company_name,
        accounts.website as company_domain,
        contacts.job_title,
        contacts.street,
        contacts.city,
        contacts.region,
        contacts.postcode,
        contacts.country,
        cast(contacts.date_of_birth as string) as date_of_birth,
        concat('salesforce:account:', contacts.account_id) as company_record_id,
        {{ text_array("[concat('salesforce:contact:', contacts.master_contact_id)]") }} as linked_record_ids,
        contacts.updated_at,
    from kept_contacts as contacts
    left join accounts
        on contacts.account_id = accounts.account_id

)

select * from shaped
