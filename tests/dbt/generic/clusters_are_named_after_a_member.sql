{#- A cluster is named after its smallest record id, and counts its own members. -#}
{% test clusters_are_named_after_a_member(model) %}

with

clusters as (

    select * from {{ model }}

),

counted as (

    select
        cluster_id,
        min(record_id) as smallest_record_id,
        count(*) as n_members,
        min(n_records) as smallest_n_records,
        max(n_records) as largest_n_records,
    from clusters
    group by cluster_id

)

select *
from counted
where
    cluster_id != smallest_record_id
    or n_members != smallest_n_records
    or n_members != largest_n_records

{% endtest %}
