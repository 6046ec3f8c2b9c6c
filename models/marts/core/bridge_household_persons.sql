with

members as (

    select * from {{ ref('int_household_members') }}

),

related as (

    select * from {{ ref('int_household_pairs') }}

),

confidences as (

    select
        person_id,
        max(confidence) as confidence,
    from related
    cross join unnest([related.id_l, related.id_r]) as person_id
    group by person_id

),

-- Named after its smallest person id, which is the oldest: who moves in changes nothing. Hashed, as a person is not a
-- household.
final as (

    select
        concat('hou_', left(to_hex(sha256(members.component_id)), 26)) as household_id,
        members.id as person_id,
        confidences.confidence,
    from members
    inner join confidences on members.id = confidences.person_id

)

select * from final
