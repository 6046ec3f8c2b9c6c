with

records as (

    select * from {{ ref('int_person_records') }}

),

clusters as (

    select * from {{ ref('person_clusters') }}

),

addresses as (

    select
        clusters.cluster_id as person_id,
        address,
    from records
    inner join clusters
        on records.record_id = clusters.record_id
    cross join unnest(array_concat(records.emails, records.phones)) as address

),

owners as (

    select
        address,
        min(person_id) as person_id,
        count(distinct person_id) as n_persons,
    from addresses
    group by address

)

select * from owners
