with

people as (

    select * from {{ ref('int_person_blocking_yield') }}

),

companies as (

    select * from {{ ref('int_company_blocking_yield') }}

),

both as (

    select * from people
    union all
    select * from companies

)

select * from both
