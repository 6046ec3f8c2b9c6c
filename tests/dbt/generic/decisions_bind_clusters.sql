{#- What decisions bind is in one cluster, and the two sides of a decision that separates are in different ones. -#}
{% test decisions_bind_clusters(model, entity) %}

with

clusters as (

    select * from {{ model }}

),

must_links as (

    select * from {{ ref('int_' ~ entity ~ '_must_links') }}
    where contradicted_by is null

),

cannot_links as (

    select * from {{ ref('int_' ~ entity ~ '_cannot_links') }}
    where starts_with(constraint_name, 'decision:')

)

select
    'same' as decided,
    cast(must_links.bound_key as string) as name,
from must_links
inner join clusters on must_links.record_key = clusters.distinct_record_key
group by must_links.bound_key
having count(distinct clusters.cluster_id) > 1
union all
select
    'different' as decided,
    cannot_links.constraint_name as name,
from cannot_links
inner join clusters on cannot_links.record_key = clusters.distinct_record_key
group by cannot_links.constraint_name, clusters.cluster_id
having count(distinct cannot_links.constraint_value) > 1

{% endtest %}
