{#- A source without duplicates has at most one record in a cluster, but for those that decisions bind. -#}
{% test exclusive_sources_stay_apart(model, entity) %}

with

records as (

    select * from {{ ref('int_' ~ entity ~ '_records') }}

),

clusters as (

    select * from {{ model }}

),

bound_records as (

    select * from {{ ref('int_' ~ entity ~ '_must_links') }}
    where contradicted_by is null

)

select
    clusters.cluster_id,
    records.exclusive_source,
    count(distinct coalesce(bound_records.bound_key, clusters.record_key)) as n_records,
from clusters
inner join records on clusters.record_id = records.record_id
left join bound_records on clusters.distinct_record_key = bound_records.record_key
where records.exclusive_source is not null
group by clusters.cluster_id, records.exclusive_source
having count(distinct coalesce(bound_records.bound_key, clusters.record_key)) > 1

{% endtest %}
