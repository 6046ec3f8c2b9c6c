with

records as (

    select * from {{ ref('int_company_records') }}

),

clusters as (

    select * from {{ ref('company_clusters') }}

),

final as (

    select
        records.record_id,
        clusters.cluster_id as company_id,
        records.source_system,
        records.source_table,
        records.source_id,
        records.updated_at,
    from records
    inner join clusters
        on records.record_id = clusters.record_id

)

select * from final
