-- How far up the stated parents of a company go.
{% set most_levels = 30 %}
with recursive

parents as (

    select * from {{ ref('int_company_parents') }}

),

steps_up as (

    select
        company_id,
        parent_company_id as top_company_id,
        1 as level,
    from parents
    union all
    select
        steps_up.company_id,
        parents.parent_company_id as top_company_id,
        steps_up.level + 1 as level,
    from steps_up
    inner join parents on steps_up.top_company_id = parents.company_id
    where steps_up.level < {{ most_levels }}

),

tops as (

    select
        company_id,
        top_company_id,
        level,
    from steps_up
    qualify row_number() over (partition by company_id order by level desc) = 1

)

select * from tops
