with

interactions as (

    select * from {{ ref('int_interactions') }}
    qualify row_number() over (partition by interaction_id order by interaction_participant_id) = 1

),

copies as (

    select * from {{ ref('bridge_interaction_copies') }}

),

joined as (

    select
        copies.interaction_id,
        copies.source_interaction_id,
        interactions.source_system,
        interactions.channel,
        interactions.occurred_at,
        interactions.subject,
        interactions.duration_seconds,
        -- Who began it is the same for all copies; some do not say.
        max(nullif(interactions.direction, 'unknown')) over (partition by copies.interaction_id) as known_direction,
        count(*) over (partition by copies.interaction_id) as n_copies,
    from interactions
    inner join copies
        on interactions.interaction_id = copies.source_interaction_id

),

source_systems as (

    select
        interaction_id,
        array_agg(distinct source_system order by source_system) as source_systems,
    from joined
    group by interaction_id

),

-- The first copy stands for all of them.
final as (

    select
        joined.interaction_id,
        joined.source_system,
        source_systems.source_systems,
        joined.channel,
        coalesce(joined.known_direction, 'unknown') as direction,
        joined.occurred_at,
        joined.subject,
        joined.duration_seconds,
        joined.n_copies,
    from joined
    inner join source_systems
        on joined.interaction_id = source_systems.interaction_id
    where joined.source_interaction_id = joined.interaction_id

)

select * from final
