{#- Every record is in exactly one cluster, and no cluster holds a record that is not there. -#}
{% test records_are_in_one_cluster(model, entity) %}

with

records as (

    select * from {{ ref('int_' ~ entity ~ '_records') }}

),

clusters as (

    select * from {{ model }}

),

memberships as (

    select
        record_id,
        1 as n_records,
        0 as n_clusters,
    from records
    union all
    select
        record_id,
        0 as n_records,
        1 as n_clusters,
    from clusters

),

counted as (

    select
        record_id,
        sum(n_records) as n_records,
        sum(n_clusters) as n_clusters,
    from memberships
    group by record_id

)

select *
from counted
where n_records != 1 or n_clusters != 1

{% endtest %}
