with

members as (

    select
        clusters.cluster_id as person_id,
        records.record_id,
        records.company_record_id,
        records.company_domain,
        records.company_name,
        records.updated_at,
    from {{ ref('int_person_records') }} as records
    inner join {{ ref('int_person_clusters') }} as clusters
        on records.record_id = clusters.record_id

),

company_clusters as (

    select * from {{ ref('int_company_clusters') }}

),

domain_owners as (

    select * from {{ ref('int_company_domain_owners') }}

),

-- Two companies may share a name; then the name decides nothing.
name_owners as (

    select
        records.company_name,
        min(company_clusters.cluster_id) as company_id,
    from {{ ref('int_company_records') }} as records
    inner join company_clusters
        on records.record_id = company_clusters.record_id
    group by records.company_name
    having count(distinct company_clusters.cluster_id) = 1

),

candidates as (

    select
        members.person_id,
        members.record_id,
        members.updated_at,
        coalesce(company_clusters.cluster_id, domain_owners.company_id, name_owners.company_id) as company_id,
        case
            when company_clusters.cluster_id is not null then 'link'
            when domain_owners.company_id is not null then 'domain'
            when name_owners.company_id is not null then 'name'
        end as matched_by,
    from members
    left join company_clusters on members.company_record_id = company_clusters.record_id
    left join domain_owners on members.company_domain = domain_owners.domain
    left join name_owners on members.company_name = name_owners.company_name

),

decided as (

    select
        person_id,
        company_id,
        matched_by,
        record_id as deciding_record_id,
    from candidates
    where company_id is not null
    qualify row_number() over (
        partition by person_id
        order by
            case matched_by when 'link' then 1 when 'domain' then 2 else 3 end,
            updated_at desc nulls last,
            record_id
    ) = 1

)

select * from decided
