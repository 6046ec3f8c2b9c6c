with

records as (

    select * from {{ ref('int_person_records') }}

),

written as (

    select * from {{ ref('int_person_written_records') }}

),

assignments as (

    select * from {{ ref('person_assignments') }}

),

-- Where the matching names a company, it names its cluster.
employers as (

    select
        employers.record_id,
        companies.company_id,
    from {{ ref('int_person_employers') }} as employers
    inner join {{ ref('int_company_identities') }} as companies
        on employers.company_id = companies.cluster_id

),

golden as (

    select
        person_id,
        company_id,
    from {{ ref('int_person_golden') }}

),

surviving_jobs as (

    select record_id
    from {{ ref('int_person_survivors') }}
    where field = 'job'

),

-- A company that was not found is told by its name in the form in which it is matched.
stated as (

    select
        assignments.person_id,
        employers.company_id,
        if(employers.company_id is null, records.company_name, null) as unknown_company,
        written.company_name,
        written.job_title,
        surviving_jobs.record_id is not null as is_surviving_job,
        records.record_id,
        records.source_system,
        records.updated_at,
    from records
    inner join assignments on records.record_id = assignments.record_id
    inner join written on records.record_id = written.record_id
    left join employers on records.record_id = employers.record_id
    left join surviving_jobs on records.record_id = surviving_jobs.record_id
    where coalesce(employers.company_id, written.company_name, written.job_title) is not null

),

employments as (

    select
        person_id,
        company_id,
        unknown_company,
        array_agg(company_name ignore nulls order by updated_at desc nulls last, record_id limit 1)[safe_offset(0)]
            as company_name,
        array_agg(job_title ignore nulls order by updated_at desc nulls last, record_id limit 1)[safe_offset(0)]
            as job_title,
        logical_or(is_surviving_job) as has_surviving_job,
        count(*) as n_records,
        array_agg(distinct source_system order by source_system) as source_systems,
        min(updated_at) as first_seen_at,
        max(updated_at) as last_seen_at,
    from stated
    group by person_id, company_id, unknown_company

),

final as (

    select
        employments.person_id,
        to_hex(sha256(concat(
            employments.person_id, '|', coalesce(employments.company_id, ''), '|',
            coalesce(employments.unknown_company, '')
        ))) as person_employment_id,
        employments.company_id,
        employments.company_name,
        employments.job_title,
        -- The company of the golden record, if it has one; else its job.
        if(
            golden.company_id is null,
            employments.has_surviving_job,
            coalesce(employments.company_id = golden.company_id, false)
        ) as is_current,
        employments.first_seen_at,
        employments.last_seen_at,
        employments.n_records,
        employments.source_systems,
    from employments
    inner join golden on employments.person_id = golden.person_id

)

select * from final
