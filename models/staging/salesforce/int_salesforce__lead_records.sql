with

leads as (

    select * from {{ ref('stg_salesforce__leads') }}

),

kept_leads as (

    {{ salesforce_kept_rows('leads', 'lead_id', 'master_lead_id') }}

),

shaped as (

    select
        record_id,
        'salesforce_lead' as source_system,
        'lead' as source_table,
        lead_id as source_id,
        given_name,
        family_name,
        full_name,
        {{ text_array('[email]') }} as emails,
        phones,
        company_name,
        website as company_domain,
        job_title,
        street,
        city,
        region,
        postcode,
        country,
        concat('salesforce:account:', converted_account_id) as company_record_id,
        array_concat(
            {{ text_array("[concat('salesforce:contact:', converted_contact_id)]") }},
            {{ text_array("[concat('salesforce:lead:', master_lead_id)]") }}
        ) as linked_record_ids,
        updated_at,
    from kept_leads

)

select * from shaped
