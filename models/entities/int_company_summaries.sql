with

members as (

    select
        assignments.company_id,
        records.source_system,
        records.updated_at,
    from {{ ref('company_assignments') }} as assignments
    inner join {{ ref('int_company_records') }} as records
        on assignments.record_id = records.record_id

),

candidates as (

    select * from {{ ref('int_company_field_candidates') }}

),

survivors as (

    select * from {{ ref('int_company_survivors') }}

),

totals as (

    select
        company_id,
        count(*) as n_records,
        array_agg(distinct source_system order by source_system) as source_systems,
        max(updated_at) as last_updated_at,
    from members
    group by company_id

),

domains as (

    select
        company_id,
        array_agg(distinct value order by value) as domains,
    from candidates
    where field = 'domain'
    group by company_id

),

phones as (

    select
        company_id,
        array_agg(distinct value order by value) as phones,
    from candidates
    where field = 'phone'
    group by company_id

),

chosen as (

    select
        company_id,
        max(if(field = 'name', record_id, null)) as name_record_id,
        max(if(field = 'address', record_id, null)) as address_record_id,
        max(if(field = 'domain', value, null)) as primary_domain,
        max(if(field = 'phone', value, null)) as primary_phone,
    from survivors
    group by company_id

),

summaries as (

    select
        totals.*,
        domains.domains,
        phones.phones,
        chosen.* except (company_id),
    from totals
    left join chosen on totals.company_id = chosen.company_id
    left join domains on totals.company_id = domains.company_id
    left join phones on totals.company_id = phones.company_id

)

select * from summaries
