with

summaries as (

    select * from {{ ref('int_person_summaries') }}

),

records as (

    select * from {{ ref('int_person_records') }}

),

written as (

    select * from {{ ref('int_person_written_records') }}

),

companies as (

    select * from {{ ref('int_person_companies') }}

),

golden as (

    select
        summaries.person_id,
        companies.company_id,

        -- name
        coalesce(named.display_name, summaries.primary_email, summaries.primary_phone) as display_name,
        named.given_name,
        named.middle_name,
        named.family_name,
        named.name_suffix,
        named.full_name,
        matched.full_name as full_name_matching,
        born.date_of_birth,

        -- contact
        summaries.primary_email,
        summaries.emails,
        summaries.primary_phone,
        summaries.phones,

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
    left join written as named on summaries.name_record_id = named.record_id
    left join records as matched on summaries.name_record_id = matched.record_id
    left join written as born on summaries.date_of_birth_record_id = born.record_id
    left join written as employed on summaries.job_record_id = employed.record_id
    left join written as addressed on summaries.address_record_id = addressed.record_id

)

select * from golden
