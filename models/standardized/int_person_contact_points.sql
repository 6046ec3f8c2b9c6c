with

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

email_addresses as (

    select * from {{ ref('int_email_addresses') }}

),

phone_numbers as (

    select * from {{ ref('int_phone_numbers') }}

),

shared_web_domains as (

    select * from {{ ref('shared_web_domains') }}

),

record_emails as (

    select
        source_records.record_id,
        email_addresses.email,
        if(email_addresses.is_free_mail, null, email_addresses.domain) as business_domain,
        email_offset as email_position,
    from source_records, unnest(source_records.emails) as found_email with offset as email_offset
    inner join email_addresses on found_email = email_addresses.source_email

),

emails as (

    select
        record_id,
        array_agg(distinct email order by email) as emails,
    from record_emails
    group by record_id

),

-- A cell with several addresses gives them one position.
first_business_domains as (

    select
        record_id,
        business_domain,
    from record_emails
    where business_domain is not null
    qualify row_number() over (partition by record_id order by email_position, email) = 1

),

phones as (

    select
        source_records.record_id,
        array_agg(distinct phone_numbers.phone_number order by phone_numbers.phone_number) as phones,
    from source_records, unnest(source_records.phones) as found_phone
    inner join phone_numbers
        on
            found_phone = phone_numbers.source_phone
            and coalesce({{ plain_text('source_records.country') }}, '') = coalesce(phone_numbers.country_name, '')
    group by source_records.record_id

),

gathered as (

    select
        source_records.record_id,
        coalesce(emails.emails, cast([] as array<string>)) as emails,
        coalesce(phones.phones, cast([] as array<string>)) as phones,
        {{ registrable_domain('source_records.company_domain') }} as named_domain,
        first_business_domains.business_domain,
    from source_records
    left join emails on source_records.record_id = emails.record_id
    left join phones on source_records.record_id = phones.record_id
    left join first_business_domains on source_records.record_id = first_business_domains.record_id

),

final as (

    select
        gathered.record_id,
        gathered.emails,
        gathered.phones,
        -- A page on a shared site says nothing about the employer.
        if(
            shared_web_domains.domain is null,
            coalesce(gathered.named_domain, gathered.business_domain),
            gathered.business_domain
        ) as company_domain,
    from gathered
    left join shared_web_domains on gathered.named_domain = shared_web_domains.domain

)

select * from final
