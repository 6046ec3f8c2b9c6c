-- A source without duplicates has at most one record in a cluster.
with

records as (

    select * from {{ ref('int_company_records') }}

),

clusters as (

    select * from {{ ref('company_clusters') }}

)

select
    clusters.cluster_id,
    records.exclusive_source,
    count(*) as n_records,
from clusters
inner join records on clusters.record_id = records.record_id
where records.exclusive_source is not null
group by clusters.cluster_id, records.exclusive_source
having count(*) > 1
