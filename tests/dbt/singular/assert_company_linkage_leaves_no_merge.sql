-- The clustering is finished: one more round of linkage would merge nothing.
with

linkage as (

    select * from {{ ref('int_company_linkage') }}

),

members as (

    select * from linkage
    where row_type = 'member'

),

edges as (

    select * from linkage
    where row_type = 'edge'

),

{{ linkage_merges('company') }}

select * from merges
