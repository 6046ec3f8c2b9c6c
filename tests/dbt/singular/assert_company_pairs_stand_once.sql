-- Each pair stands once, the smaller side first; the sides of a scored pair are ordered by record id.
with

candidate_pairs as (

    select * from {{ ref('int_company_candidate_pairs') }}

),

scored_pairs as (

    select * from {{ ref('int_company_scored_pairs') }}

),

numbered_pairs as (

    select
        'candidate' as stage,
        cast(record_key_l as string) as side_l,
        cast(record_key_r as string) as side_r,
        record_key_l < record_key_r as is_ordered,
        row_number() over (partition by record_key_l, record_key_r) as copy,
    from candidate_pairs
    union all
    select
        'scored' as stage,
        record_id_l as side_l,
        record_id_r as side_r,
        record_id_l < record_id_r as is_ordered,
        row_number() over (partition by record_id_l, record_id_r) as copy,
    from scored_pairs

)

select *
from numbered_pairs
where copy > 1 or not is_ordered
