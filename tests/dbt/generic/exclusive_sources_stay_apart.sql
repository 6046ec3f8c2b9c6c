{#- A source without duplicates has at most one record in a cluster. -#}
{% test exclusive_sources_stay_apart(model, entity) %}

with

records as (

    select * from {{ ref('int_' ~ entity ~ '_records') }}

),

clusters as (

    select * from {{ model }}

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

{% endtest %}
