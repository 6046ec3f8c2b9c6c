with

participants as (

    select * from {{ ref('fct_interaction_participants') }}

),

unmatched as (

    select
        participant_address,
        channel,
        max(participant_name) as participant_name,
        count(distinct interaction_id) as n_interactions,
        min(occurred_at) as first_seen_at,
        max(occurred_at) as last_seen_at,
        array_agg(distinct source_system order by source_system) as source_systems,
        max(company_id) as company_id,
    from participants
    where
        participant_address is not null
        and person_matched_by = 'none'
    group by participant_address, channel

)

select * from unmatched
