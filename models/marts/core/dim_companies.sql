with

golden as (

    select * from {{ ref('int_company_golden') }}

),

employees as (

    select
        company_id,
        count(*) as n_persons,
    from {{ ref('int_person_golden') }}
    where company_id is not null
    group by company_id

),

activity as (

    select * from {{ ref('int_company_activity') }}

),

final as (

    select
        golden.company_id,
        golden.display_name,
        golden.company_name,
        golden.legal_suffix,
        golden.company_name_matching,
        golden.primary_domain,
        golden.domains,
        golden.primary_phone,
        golden.phones,
        golden.street,
        golden.city,
        golden.region,
        golden.postcode,
        golden.country,
        coalesce(employees.n_persons, 0) as n_persons,
        golden.n_records,
        golden.source_systems,
        golden.last_updated_at,
        coalesce(activity.n_interactions, 0) as n_interactions,
        activity.last_interaction_at,
        coalesce(activity.channels, cast([] as array<string>)) as channels,
    from golden
    left join employees
        on golden.company_id = employees.company_id
    left join activity
        on golden.company_id = activity.company_id

)

select * from final
