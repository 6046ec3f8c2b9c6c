with

parents as (

    select * from {{ ref('int_company_parents') }}

),

tops as (

    select * from {{ ref('int_company_tops') }}

),

heads as (

    select * from {{ ref('int_company_family_heads') }}

),

-- Whom sources place at the top of a branch of a family is still below the head of the family.
stated as (

    select
        parents.company_id,
        parents.parent_company_id,
        'parent' as relation,
        parents.source_system as origin,
        1.0 as confidence,
        coalesce(heads.head_company_id, tops.top_company_id) as ultimate_parent_company_id,
        tops.level + if(heads.head_company_id != tops.top_company_id, 1, 0) as level,
    from parents
    inner join tops on parents.company_id = tops.company_id
    left join heads on tops.top_company_id = heads.company_id

),

found as (

    select
        company_id,
        head_company_id as parent_company_id,
        'branch' as relation,
        'matching' as origin,
        confidence,
        head_company_id as ultimate_parent_company_id,
        1 as level,
    from heads
    where company_id != head_company_id

),

final as (

    select * from stated
    union all
    select * from found

)

select * from final
