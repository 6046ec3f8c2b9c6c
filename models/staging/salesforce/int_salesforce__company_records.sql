with

accounts as (

    select * from {{ ref('stg_salesforce__accounts') }}

),

kept_accounts as (

    {{ salesforce_kept_rows('accounts', 'account_id', 'master_account_id') }}

),

shaped as (

    select
        record_id,
        'salesforce_account' as source_system,
        'account' as source_table,
        account_id as source_id,
        company_name,
        {{ text_array('[website]') }} as domains,
        {{ text_array('[phone]') }} as phones,
        street,
        city,
        region,
        postcode,
        country,
        {{ text_array("[concat('salesforce:account:', master_account_id)]") }} as linked_record_ids,
        concat('salesforce:account:', parent_account_id) as parent_record_id,
        updated_at,
    from kept_accounts

)

select * from shaped
