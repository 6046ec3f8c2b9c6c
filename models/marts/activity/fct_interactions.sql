with

interactions as (

    select * from {{ ref('int_distinct_interactions') }}

),

participants as (

    select
        interaction_id,
        cast(countif(coalesce(participant_address, participant_record_id) is not null) as int64) as n_participants,
        count(distinct person_id) as n_persons,
        count(distinct company_id) as n_companies,
    from {{ ref('fct_interaction_participants') }}
    group by interaction_id

),

final as (

    select
        interactions.interaction_id,
        interactions.source_system,
        interactions.source_systems,
        interactions.channel,
        interactions.direction,
        interactions.occurred_at,
        interactions.subject,
        interactions.duration_seconds,
        interactions.n_copies,
        participants.n_participants,
        participants.n_persons,
        participants.n_companies,
    from interactions
    inner join participants
        on interactions.interaction_id = participants.interaction_id

)

select * from final
