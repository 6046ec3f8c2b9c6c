{{ config(severity='warn') }}

-- Training and clustering end by themselves. One that reached its last round gave a valid result that more rounds would
-- still change; the row says by how much.
with

convergence as (

    select * from {{ ref('int_person_convergence') }}
    union all
    select * from {{ ref('int_company_convergence') }}

)

select * from convergence
where not is_training_settled or not is_clustering_settled
