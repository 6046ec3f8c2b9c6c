{{ config(
    materialized='iterated',
    meta={'initial': 'int_entity_retirements', 'max_rounds': 40, 'at_limit': 'fail'},
) }}

-- One round: whoever went on as an id that is retired too goes on as that one does. Each round doubles the steps, so a
-- chain of a thousand ids takes ten.
with

previous as (

    select * from {{ ref('int_entity_retirements') }}

),

next_steps as (

    select * from previous

),

followed as (

    select
        previous.* except (entity_id, round, is_converged),
        if(next_steps.retired_id is null, previous.entity_id, next_steps.entity_id) as entity_id,
        next_steps.retired_id is not null as is_followed,
    from previous
    left join next_steps
        on previous.entity = next_steps.entity and previous.entity_id = next_steps.retired_id

),

verdict as (

    select countif(is_followed) = 0 as is_converged
    from followed

),

final as (

    select
        followed.entity,
        followed.retired_id,
        followed.entity_id,
        followed.successor_id,
        followed.event,
        followed.cause,
        followed.run_id,
        followed.retired_at,
        (select max(previous.round) from previous) + 1 as round,
        verdict.is_converged,
    from followed
    cross join verdict

)

select * from final
