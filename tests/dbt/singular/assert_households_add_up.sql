{{ config(tags=['development']) }}

-- A household is of two people at least, and they are those of its bridge.
with

households as (

    select * from {{ ref('households') }}

),

members as (

    select
        household_id,
        count(*) as n_persons,
    from {{ ref('bridge_household_persons') }}
    group by household_id

)

select
    households.household_id,
    households.n_persons,
from households
full outer join members on households.household_id = members.household_id
where
    households.n_persons is distinct from members.n_persons
    or households.n_persons < 2
