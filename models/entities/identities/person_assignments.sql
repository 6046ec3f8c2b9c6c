with

clusters as (

    select * from {{ ref('person_clusters') }}

),

identities as (

    select * from {{ ref('int_person_identities') }}

),

final as (

    select
        clusters.record_id,
        identities.person_id,
        clusters.cluster_id,
    from clusters
    inner join identities on clusters.cluster_id = identities.cluster_id

)

select * from final
