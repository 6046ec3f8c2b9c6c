with

clusters as (

    select * from {{ ref('company_clusters') }}

),

identities as (

    select * from {{ ref('int_company_identities') }}

),

final as (

    select
        clusters.record_id,
        identities.company_id,
        clusters.cluster_id,
    from clusters
    inner join identities on clusters.cluster_id = identities.cluster_id

)

select * from final
