with

messages as (

    select * from {{ ref('stg_gmail__messages') }}

),

participants as (

    select * from {{ ref('stg_gmail__participants') }}
    where role != 'reply_to'

),

fingerprints as (

    select * from {{ ref('int_gmail__message_fingerprints') }}

),

senders as (

    select
        message_id,
        logical_or(is_internal) as is_sent_by_us,
    from participants
    where role = 'from'
    group by message_id

),

-- An address in several roles of one message is one participant, in the most prominent role.
external_participants as (

    select *
    from participants
    where not is_internal
    qualify row_number() over (
        partition by message_id, address
        order by case role when 'from' then 1 when 'to' then 2 when 'cc' then 3 else 4 end
    ) = 1

),

shaped as (

    select
        concat('gmail:message:', messages.message_id) as interaction_id,
        'gmail_message' as source_system,
        'email' as channel,
        case
            when senders.is_sent_by_us is null then 'unknown'
            when senders.is_sent_by_us then 'outbound'
            else 'inbound'
        end as direction,
        messages.sent_at as occurred_at,
        messages.subject,
        messages.rfc822_message_id,
        fingerprints.message_fingerprint,
        participants.role as participant_role,
        participants.display_name as participant_name,
        {{ canonical_email(clean_email('participants.address')) }} as participant_address,
        participants.participant_record_id,
    from messages
    inner join external_participants as participants
        on messages.message_id = participants.message_id
    left join senders
        on messages.message_id = senders.message_id
    left join fingerprints
        on messages.message_id = fingerprints.message_id

)

select * from shaped
