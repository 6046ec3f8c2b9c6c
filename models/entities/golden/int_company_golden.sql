with

summaries as (

    select * from {{ ref('int_company_summaries') }}

),

records as (

    select * from {{ ref('int_company_records') }}

),

written as (

    select * from {{ ref('int_company_written_records') }}

),

golden as (

    select
        summaries.company_id,

        -- name
        coalesce(named.display_name, summaries.primary_domain, summaries.primary_phone) as display_name,
        named.company_name,
        named.legal_suffix,
        matched.company_name as company_name_matching,

        -- contact
        summaries.primary_domain,
        summaries.domains,
        summaries.primary_phone,
        summaries.phones,

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
    left join written as named on summaries.name_record_id = named.record_id
    left join records as matched on summaries.name_record_id = matched.record_id
    left join written as addressed on summaries.address_record_id = addressed.record_id

)

select * from golden
