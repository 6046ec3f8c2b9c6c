-- Nobody is above itself, and whoever follows the parents comes to the ultimate one, in as many steps as stated.
with recursive

hierarchy as (

    select * from {{ ref('company_hierarchy') }}

),

climbs as (

    select
        company_id,
        parent_company_id as reached_id,
        1 as steps,
    from hierarchy
    union all
    select
        climbs.company_id,
        hierarchy.parent_company_id as reached_id,
        climbs.steps + 1 as steps,
    from climbs
    inner join hierarchy on climbs.reached_id = hierarchy.company_id
    where climbs.steps < 100 and climbs.reached_id != climbs.company_id

),

ends as (

    select
        company_id,
        reached_id,
        steps,
    from climbs
    qualify row_number() over (partition by company_id order by steps desc) = 1

)

select
    hierarchy.company_id,
    ends.reached_id,
    ends.steps,
from hierarchy
inner join ends on hierarchy.company_id = ends.company_id
where
    hierarchy.company_id = ends.reached_id
    or hierarchy.ultimate_parent_company_id != ends.reached_id
    or hierarchy.level != ends.steps
