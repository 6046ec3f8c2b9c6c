-- A relation that the model does not know would be shown by nobody, and below 0.5 chance explains more.
with

thresholds as (

    select * from {{ ref('relation_thresholds') }}

),

relations as (

    select distinct
        entity,
        relation,
    from {{ ref('int_relations') }}

)

select
    thresholds.entity,
    thresholds.relation,
    thresholds.least_confidence,
from thresholds
left join relations
    on
        thresholds.entity = relations.entity
        and thresholds.relation = relations.relation
where
    relations.relation is null
    or not coalesce(thresholds.least_confidence between 0.5 and 1, false)
