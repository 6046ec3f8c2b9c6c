with

calls as (

    select * from {{ ref('stg_dialpad__calls') }}

),

shaped as (

    select
        concat('dialpad:call:', call_id) as interaction_id,
        'dialpad_call' as source_system,
        'call' as channel,
        case
            when starts_with(direction, 'in') then 'inbound'
            when starts_with(direction, 'out') then 'outbound'
            else 'unknown'
        end as direction,
        started_at as occurred_at,
        duration_seconds,
        if(starts_with(direction, 'out'), 'callee', 'caller') as participant_role,
        contact_name as participant_name,
        external_number as participant_address,
        caller_record_id as participant_record_id,
    from calls

)

select * from shaped
