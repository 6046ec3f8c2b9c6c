with

golden as (

    select * from {{ ref('int_person_golden') }}

),

activity as (

    select * from {{ ref('int_person_activity') }}

),

final as (

    select
        golden.person_id,
        golden.company_id,
        golden.display_name,
        golden.given_name,
        golden.middle_name,
        golden.family_name,
        golden.name_suffix,
        golden.full_name,
        golden.full_name_matching,
        golden.date_of_birth,
        golden.primary_email,
        golden.emails,
        golden.primary_phone,
        golden.phones,
        golden.job_title,
        golden.company_name,
        golden.street,
        golden.city,
        golden.region,
        golden.postcode,
        golden.country,
        golden.n_records,
        golden.source_systems,
        golden.last_updated_at,
        coalesce(activity.n_interactions, 0) as n_interactions,
        activity.last_interaction_at,
        coalesce(activity.channels, cast([] as array<string>)) as channels,
    from golden
    left join activity
        on golden.person_id = activity.person_id

)

select * from final
