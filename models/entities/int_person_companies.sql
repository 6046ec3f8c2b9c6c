with

employers as (

    select * from {{ ref('int_person_employers') }}

),

records as (

    select * from {{ ref('int_person_records') }}

),

clusters as (

    select * from {{ ref('person_clusters') }}

),

decided as (

    select
        clusters.cluster_id as person_id,
        employers.company_id,
        employers.assigned_by as matched_by,
        employers.record_id as deciding_record_id,
    from employers
    inner join records on employers.record_id = records.record_id
    inner join clusters on employers.record_id = clusters.record_id
    where employers.company_id is not null
    qualify row_number() over (
        partition by clusters.cluster_id
        order by
            case employers.assigned_by when 'link' then 1 when 'domain' then 2 else 3 end,
            records.updated_at desc nulls last,
            employers.record_id
    ) = 1

)

select * from decided
