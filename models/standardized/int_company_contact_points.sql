with

source_records as (

    select * from {{ ref('int_company_source_records') }}

),

email_addresses as (

    select * from {{ ref('int_email_addresses') }}

),

phone_numbers as (

    select * from {{ ref('int_phone_numbers') }}

),

-- Domains that belong to many companies.
shared_domains as (

    select domain from {{ ref('shared_web_domains') }}
    union distinct
    select domain from {{ ref('stg_word_lists__free_mail_domains') }}

),

found_domains as (

    select
        source_records.record_id,
        {{ registrable_domain('source_domain') }} as domain,
    from source_records, unnest(source_records.domains) as source_domain
    union distinct
    select
        source_records.record_id,
        email_addresses.domain,
    from source_records, unnest(source_records.emails) as found_email
    inner join email_addresses on found_email = email_addresses.source_email

),

domains as (

    select
        found_domains.record_id,
        array_agg(distinct found_domains.domain order by found_domains.domain) as domains,
    from found_domains
    left join shared_domains on found_domains.domain = shared_domains.domain
    where found_domains.domain is not null and shared_domains.domain is null
    group by found_domains.record_id

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
        coalesce(domains.domains, cast([] as array<string>)) as domains,
        coalesce(phones.phones, cast([] as array<string>)) as phones,
    from source_records
    left join domains on source_records.record_id = domains.record_id
    left join phones on source_records.record_id = phones.record_id

)

select * from gathered
