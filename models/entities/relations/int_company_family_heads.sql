-- Matching knows that branches belong together and not which is the head office: of those that sources put above others
-- the largest, else the largest of all. The older of two alike.
with

families as (

    select * from {{ ref('int_company_families') }}

),

parents as (

    select distinct parent_company_id
    from {{ ref('int_company_parents') }}

),

sizes as (

    select
        company_id,
        count(*) as n_records,
    from {{ ref('company_assignments') }}
    group by company_id

),

confidences as (

    select
        id,
        max(confidence) as confidence,
    from {{ ref('int_company_family_pairs') }} as pairs
    cross join unnest([pairs.id_l, pairs.id_r]) as id
    group by id

),

final as (

    select
        families.id as company_id,
        first_value(families.id) over (
            partition by families.component_id
            order by parents.parent_company_id is null, sizes.n_records desc, families.id
        ) as head_company_id,
        confidences.confidence,
    from families
    inner join sizes on families.id = sizes.company_id
    inner join confidences on families.id = confidences.id
    left join parents on families.id = parents.parent_company_id

)

select * from final
