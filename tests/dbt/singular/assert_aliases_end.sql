-- An alias leads to an id that lives, or to none; no retired id lives, or leads to itself.
with

aliases as (

    select * from {{ ref('entity_aliases') }}

),

living as (

    select
        'person' as entity,
        person_id as entity_id,
    from {{ ref('person_assignments') }}
    union distinct
    select
        'company' as entity,
        company_id as entity_id,
    from {{ ref('company_assignments') }}

),

wrong as (

    select
        aliases.entity,
        aliases.retired_id,
        aliases.entity_id,
    from aliases
    left join living on aliases.entity = living.entity and aliases.entity_id = living.entity_id
    where aliases.entity_id is not null and living.entity_id is null
    union all
    select
        aliases.entity,
        aliases.retired_id,
        aliases.entity_id,
    from aliases
    inner join living on aliases.entity = living.entity and aliases.retired_id = living.entity_id

)

select * from wrong
