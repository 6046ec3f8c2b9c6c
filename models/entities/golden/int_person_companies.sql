with

employers as (

    select * from {{ ref('int_person_employers') }}

),

records as (

    select * from {{ ref('int_person_records') }}

),

assignments as (

    select * from {{ ref('person_assignments') }}

),

companies as (

    select * from {{ ref('int_company_identities') }}

),

decided as (

    select
        assignments.person_id,
        companies.company_id,
        employers.assigned_by as matched_by,
        employers.record_id as deciding_record_id,
    from employers
    inner join records on employers.record_id = records.record_id
    inner join assignments on employers.record_id = assignments.record_id
    -- Where the matching names a company, it names its cluster.
    inner join companies on employers.company_id = companies.cluster_id
    qualify row_number() over (
        partition by assignments.person_id
        order by
            case employers.assigned_by when 'link' then 1 when 'domain' then 2 else 3 end,
            records.updated_at desc nulls last,
            employers.record_id
    ) = 1

)

select * from decided
