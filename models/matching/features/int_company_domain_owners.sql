with

records as (

    select * from {{ ref('int_company_records') }}

),

clusters as (

    select * from {{ ref('company_clusters') }}

),

-- A domain that several companies claim says nothing about the company of a person.
owners as (

    select
        domain,
        min(clusters.cluster_id) as company_id,
    from records
    inner join clusters
        on records.record_id = clusters.record_id
    cross join unnest(records.domains) as domain
    group by domain
    having count(distinct clusters.cluster_id) = 1

)

select * from owners
