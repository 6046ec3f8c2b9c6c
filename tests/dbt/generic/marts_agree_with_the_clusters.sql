{#- The entities and their records are those of the clusters, each under its id. A build of the matching alone, without
    what is behind it, leaves them apart: build `match_thresholds+` after a change of the thresholds. -#}
{% test marts_agree_with_the_clusters(model, entity) %}

with

clusters as (

    select
        clusters.record_id,
        identities.{{ entity }}_id,
    from {{ ref(entity ~ '_clusters') }} as clusters
    left join {{ ref('int_' ~ entity ~ '_identities') }} as identities on clusters.cluster_id = identities.cluster_id

),

bridge as (

    select
        record_id,
        {{ entity }}_id,
    from {{ ref('bridge_' ~ entity ~ '_records') }}

),

entities as (

    select
        {{ entity }}_id,
        n_records,
    from {{ model }}

),

cluster_sizes as (

    select
        {{ entity }}_id,
        count(*) as n_records,
    from clusters
    group by {{ entity }}_id

),

apart as (

    select
        coalesce(clusters.record_id, bridge.record_id) as id,
        'bridge' as found_in,
    from clusters
    full outer join bridge on clusters.record_id = bridge.record_id
    where clusters.{{ entity }}_id is distinct from bridge.{{ entity }}_id
    union all
    select
        coalesce(cluster_sizes.{{ entity }}_id, entities.{{ entity }}_id) as id,
        '{{ model.identifier }}' as found_in,
    from cluster_sizes
    full outer join entities on cluster_sizes.{{ entity }}_id = entities.{{ entity }}_id
    where cluster_sizes.n_records is distinct from entities.n_records

)

select * from apart

{% endtest %}
