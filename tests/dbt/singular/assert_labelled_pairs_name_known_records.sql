{{ config(severity='warn') }}
-- A label of a record that is gone is not counted. This test says so, because it may be a typo.
with

labelled_pairs as (

    select * from {{ ref('labelled_pairs') }}

),

records as (

    select
        'person' as entity,
        record_id,
    from {{ ref('person_clusters') }}
    union all
    select
        'company' as entity,
        record_id,
    from {{ ref('company_clusters') }}

),

sides as (

    select
        entity,
        record_id_l as record_id,
    from labelled_pairs
    union distinct
    select
        entity,
        record_id_r as record_id,
    from labelled_pairs

),

unknown_records as (

    select sides.*
    from sides
    left join records on sides.entity = records.entity and sides.record_id = records.record_id
    where records.record_id is null

)

select * from unknown_records
