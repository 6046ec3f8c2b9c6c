-- A copy of an e-mail knows some of its participants and some of their names; together they are those of one message.
with

interactions as (

    select * from {{ ref('int_interactions') }}

),

copies as (

    select * from {{ ref('bridge_interaction_copies') }}

),

gathered as (

    select
        interactions.* except (interaction_participant_id, interaction_id),
        copies.interaction_id,
        copies.matched_by != 'first' as is_copy,
        coalesce(interactions.participant_address, interactions.participant_record_id) as participant,
    from interactions
    inner join copies
        on interactions.interaction_id = copies.source_interaction_id

),

joined as (

    select
        * except (participant_name, participant_record_id, company_record_id),
        max(participant_name) over (same_participant) as participant_name,
        max(participant_record_id) over (same_participant) as participant_record_id,
        max(company_record_id) over (same_participant) as company_record_id,
        max(participant) over (partition by interaction_id) is not null as has_participants,
    from gathered
    window same_participant as (partition by interaction_id, participant)

),

-- One row without a participant stays where no copy knows any.
participants as (

    select
        concat(interaction_id, '|', coalesce(participant, 'unknown')) as interaction_participant_id,
        interaction_id,
        participant_role,
        participant_address,
        participant_domain,
        participant_name,
        participant_record_id,
        company_record_id,
    from joined
    where participant is not null or not has_participants
    qualify row_number() over (
        partition by interaction_id, participant
        order by
            case participant_role when 'from' then 1 when 'to' then 2 when 'cc' then 3 else 4 end,
            is_copy,
            source_system
    ) = 1

)

select * from participants
