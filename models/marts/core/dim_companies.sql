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
    from golden
    left join employees
        on golden.company_id = employees.company_id

)

select * from final
