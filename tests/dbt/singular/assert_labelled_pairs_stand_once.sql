-- A pair that is judged twice would count twice, or contradict itself; a record is no pair with itself.
with

labelled_pairs as (

    select * from {{ ref('labelled_pairs') }}

),

problems as (

    select
        entity,
        least(record_id_l, record_id_r) as record_id_l,
        greatest(record_id_l, record_id_r) as record_id_r,
        count(*) as n_rows,
    from labelled_pairs
    group by entity, least(record_id_l, record_id_r), greatest(record_id_l, record_id_r)
    having count(*) > 1 or least(record_id_l, record_id_r) = greatest(record_id_l, record_id_r)

)

select * from problems
