with

summaries as (

    select * from {{ ref('int_company_summaries') }}

),

records as (

    select * from {{ ref('int_company_records') }}

),

source_records as (

    select * from {{ ref('int_company_source_records') }}

),

golden as (

    select
        summaries.company_id,

        -- name
        coalesce(
            named_source.company_name, summaries.primary_domain, summaries.primary_phone
        ) as display_name,
        named.company_name,
        named.legal_suffix,

        -- contact
        summaries.primary_domain,
        coalesce(summaries.domains, cast([] as array<string>)) as domains,
        summaries.primary_phone,
        coalesce(summaries.phones, cast([] as array<string>)) as phones,

        -- address
        addressed.street,
        addressed.city,
        addressed.region,
        addressed.postcode,
        addressed.country,

        summaries.n_records,
        summaries.source_systems,
        summaries.last_updated_at,
    from summaries
    left join records as named on summaries.name_record_id = named.record_id
    left join source_records as named_source on summaries.name_record_id = named_source.record_id
    left join records as addressed on summaries.address_record_id = addressed.record_id

)

select * from golden
