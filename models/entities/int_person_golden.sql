with

summaries as (

    select * from {{ ref('int_person_summaries') }}

),

records as (

    select * from {{ ref('int_person_records') }}

),

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

companies as (

    select * from {{ ref('int_person_companies') }}

),

golden as (

    select
        summaries.person_id,
        companies.company_id,

        -- name
        coalesce(
            {{ name_as_found('named_source') }}, summaries.primary_email, summaries.primary_phone
        ) as display_name,
        named.given_name,
        named.middle_name,
        named.family_name,
        named.name_suffix,
        named.full_name,
        born.date_of_birth,

        -- contact
        summaries.primary_email,
        coalesce(summaries.emails, cast([] as array<string>)) as emails,
        summaries.primary_phone,
        coalesce(summaries.phones, cast([] as array<string>)) as phones,

        -- job
        employed.job_title,
        employed.company_name,

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
    left join companies on summaries.person_id = companies.person_id
    left join records as named on summaries.name_record_id = named.record_id
    left join source_records as named_source on summaries.name_record_id = named_source.record_id
    left join records as born on summaries.date_of_birth_record_id = born.record_id
    left join records as employed on summaries.job_record_id = employed.record_id
    left join records as addressed on summaries.address_record_id = addressed.record_id

)

select * from golden
