-- The entities and their records are those of the clusters. A build of the matching alone, without what is behind it,
-- leaves them apart: build `match_thresholds+` after a change of the thresholds.
with

clusters as (

    select
        record_id,
        cluster_id,
    from {{ ref('person_clusters') }}

),

bridge as (

    select
        record_id,
        person_id,
    from {{ ref('bridge_person_records') }}

),

entities as (

    select
        person_id,
        n_records,
    from {{ ref('dim_persons') }}

),

cluster_sizes as (

    select
        cluster_id,
        count(*) as n_records,
    from clusters
    group by cluster_id

),

apart as (

    select
        coalesce(clusters.record_id, bridge.record_id) as id,
        'bridge' as found_in,
    from clusters
    full outer join bridge on clusters.record_id = bridge.record_id
    where clusters.cluster_id is distinct from bridge.person_id
    union all
    select
        coalesce(cluster_sizes.cluster_id, entities.person_id) as id,
        'dim_persons' as found_in,
    from cluster_sizes
    full outer join entities on cluster_sizes.cluster_id = entities.person_id
    where cluster_sizes.n_records is distinct from entities.n_records

)

select * from apart
