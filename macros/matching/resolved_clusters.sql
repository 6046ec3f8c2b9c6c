{#- One row a record: the cluster it belongs to. Records without any acceptable pair are clusters of one.
    A cluster is named after its smallest record id, so the same clusters have the same names in every run. -#}
{% macro resolved_clusters(features, linkage) %}
with features as (

    select * from {{ features }}

),

members as (

    select * from {{ linkage }}
    where row_type = 'member'

),

clustered_records as (

    select
        features.record_id,
        features.record_key,
        coalesce(members.cluster_key, features.record_key) as cluster_key,
    from features
    left join members on features.record_key = members.record_key

),

named_clusters as (

    select
        record_id,
        min(record_id) over (partition by cluster_key) as cluster_id,
        count(*) over (partition by cluster_key) as n_records,
        record_key,
        cluster_key,
    from clustered_records

)

select * from named_clusters
{% endmacro %}
