-- The resolved company a person record belongs to, where it is known without doubt.
with

records as (

    select * from {{ ref('int_person_records') }}

),

company_records as (

    select * from {{ ref('int_company_records') }}

),

company_clusters as (

    select * from {{ ref('company_clusters') }}

),

domain_owners as (

    select * from {{ ref('int_company_domain_owners') }}

),

-- Two companies may share a name; then the name decides nothing.
company_names as (

    select
        company_records.company_name,
        min(company_clusters.cluster_id) as company_id,
    from company_records
    inner join company_clusters on company_records.record_id = company_clusters.record_id
    where company_records.company_name is not null
    group by company_records.company_name
    having count(distinct company_clusters.cluster_id) = 1

),

assigned as (

    select
        records.record_id,
        coalesce(company_clusters.cluster_id, domain_owners.company_id, company_names.company_id) as company_id,
        case
            when company_clusters.cluster_id is not null then 'link'
            when domain_owners.company_id is not null then 'domain'
            when company_names.company_id is not null then 'name'
        end as assigned_by,
    from records
    left join company_clusters on records.company_record_id = company_clusters.record_id
    left join domain_owners on records.company_domain = domain_owners.domain
    left join company_names on records.company_name = company_names.company_name

)

select * from assigned
