with

interactions as (

    select
        interaction_id as source_interaction_id,
        source_system,
        max(channel) as channel,
        max(occurred_at) as occurred_at,
        max(rfc822_message_id) as rfc822_message_id,
        max(message_fingerprint) as message_fingerprint,
    from {{ ref('int_interactions') }}
    group by interaction_id, source_system

),

-- Of several messages with one fingerprint, a copy without a header id is one of the first.
known_ids as (

    select
        message_fingerprint,
        rfc822_message_id,
    from interactions
    where rfc822_message_id is not null and message_fingerprint is not null
    qualify row_number() over (
        partition by message_fingerprint
        order by occurred_at, source_interaction_id
    ) = 1

),

-- Two header ids are two messages, whatever else they share.
named as (

    select
        interactions.*,
        case
            when interactions.rfc822_message_id is not null then 'message_id'
            when interactions.message_fingerprint is not null then 'fingerprint'
            else 'none'
        end as matched_by,
        coalesce(
            concat('id:', coalesce(interactions.rfc822_message_id, known_ids.rfc822_message_id)),
            concat('fingerprint:', interactions.message_fingerprint),
            concat('own:', interactions.source_interaction_id)
        ) as message_name,
    from interactions
    left join known_ids
        on interactions.message_fingerprint = known_ids.message_fingerprint

),

first_copies as (

    select
        message_name,
        source_interaction_id as interaction_id,
    from named
    qualify row_number() over (
        partition by message_name
        order by occurred_at, source_interaction_id
    ) = 1

),

final as (

    select
        named.source_interaction_id,
        first_copies.interaction_id,
        named.source_system,
        named.occurred_at,
        if(named.source_interaction_id = first_copies.interaction_id, 'first', named.matched_by) as matched_by,
    from named
    inner join first_copies
        on named.message_name = first_copies.message_name

)

select * from final
