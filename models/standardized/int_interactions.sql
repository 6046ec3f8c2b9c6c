with

interactions as (

    {{ given_by_sources('interactions') }}

),

keyed as (

    select
        concat(
            interaction_id, '|', coalesce(participant_address, participant_record_id, 'unknown')
        ) as interaction_participant_id,
        interactions.*,
        if(
            channel = 'email',
            {{ registrable_domain(email_domain('participant_address')) }},
            null
        ) as participant_domain,
    from interactions
    -- Two spellings of one mailbox in a message are one participant.
    qualify row_number() over (
        partition by interaction_id, coalesce(participant_address, participant_record_id)
        order by
            case participant_role when 'from' then 1 when 'to' then 2 when 'cc' then 3 else 4 end,
            participant_record_id
    ) = 1

)

select * from keyed
