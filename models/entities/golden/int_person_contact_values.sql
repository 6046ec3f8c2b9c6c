with

records as (

    select * from {{ ref('int_person_records') }}

),

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

email_addresses as (

    select * from {{ ref('int_email_addresses') }}

),

-- Two spellings of one mailbox in a record are one value.
emails as (

    select
        source_records.record_id,
        'email' as field,
        min(email_addresses.written_email) as value,
        email_addresses.email as matching_value,
    from source_records, unnest(source_records.emails) as found_email
    inner join email_addresses on found_email = email_addresses.source_email
    group by source_records.record_id, email_addresses.email

),

phones as (

    select
        records.record_id,
        'phone' as field,
        phone as value,
        phone as matching_value,
    from records, unnest(records.phones) as phone

),

final as (

    select * from emails
    union all by name
    select * from phones

)

select * from final
