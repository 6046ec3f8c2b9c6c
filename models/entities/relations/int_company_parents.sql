-- Everybody above each company, so that a circle of parents is found and opened.
{% set most_levels = 30 %}
with recursive

stated as (

    select * from {{ ref('int_company_stated_parents') }}

),

ancestors as (

    select
        company_id,
        parent_company_id as ancestor_id,
        1 as level,
    from stated
    union all
    select
        ancestors.company_id,
        stated.parent_company_id as ancestor_id,
        ancestors.level + 1 as level,
    from ancestors
    inner join stated on ancestors.ancestor_id = stated.company_id
    where
        ancestors.ancestor_id != ancestors.company_id
        and ancestors.level < {{ most_levels }}

),

-- Nobody in a circle is above the others; the oldest, which has the smallest id, is taken for its head.
heads_of_circles as (

    select company_id
    from ancestors
    group by company_id
    having
        logical_or(ancestor_id = company_id)
        and company_id = min(ancestor_id)

),

final as (

    select
        stated.company_id,
        stated.parent_company_id,
        stated.source_system,
    from stated
    left join heads_of_circles on stated.company_id = heads_of_circles.company_id
    where heads_of_circles.company_id is null

)

select * from final
