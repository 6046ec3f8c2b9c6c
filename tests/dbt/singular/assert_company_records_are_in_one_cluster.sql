-- Every company record is in exactly one cluster, and no cluster holds a record that is not there.
with

records as (

    select * from {{ ref('int_company_records') }}

),

clusters as (

    select * from {{ ref('company_clusters') }}

),

memberships as (

    select
        record_id,
        1 as n_records,
        0 as n_clusters,
    from records
    union all
    select
        record_id,
        0 as n_records,
        1 as n_clusters,
    from clusters

),

counted as (

    select
        record_id,
        sum(n_records) as n_records,
        sum(n_clusters) as n_clusters,
    from memberships
    group by record_id

)

select *
from counted
where n_records != 1 or n_clusters != 1
