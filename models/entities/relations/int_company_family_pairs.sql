-- Branches of one another, in the name of whoever their sources put on top of them.
with

branches as (

    select * from {{ ref('int_company_related_pairs') }}
    where relation = 'branch'

),

tops as (

    select * from {{ ref('int_company_tops') }}

),

lifted as (

    select
        coalesce(l.top_company_id, branches.company_id_l) as top_l,
        coalesce(r.top_company_id, branches.company_id_r) as top_r,
        branches.confidence,
    from branches
    left join tops as l on branches.company_id_l = l.company_id
    left join tops as r on branches.company_id_r = r.company_id

),

family_pairs as (

    select
        least(top_l, top_r) as id_l,
        greatest(top_l, top_r) as id_r,
        max(confidence) as confidence,
    from lifted
    where top_l != top_r
    group by id_l, id_r

)

select * from family_pairs
