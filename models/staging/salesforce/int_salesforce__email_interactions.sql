with

messages as (

    select * from {{ ref('stg_salesforce__email_messages') }}
    where not is_deleted

),

participants as (

    select * from {{ ref('int_salesforce__email_participants') }}

),

fingerprints as (

    select * from {{ ref('int_salesforce__message_fingerprints') }}

),

-- A message whose other side cannot be read keeps one row without a participant.
shaped as (

    select
        concat('salesforce:email_message:', messages.email_message_id) as interaction_id,
        'salesforce_email_message' as source_system,
        'email' as channel,
        case
            when messages.is_incoming is null then 'unknown'
            when messages.is_incoming then 'inbound'
            else 'outbound'
        end as direction,
        messages.sent_at as occurred_at,
        messages.subject,
        messages.rfc822_message_id,
        fingerprints.message_fingerprint,
        cast(null as int64) as duration_seconds,
        participants.role as participant_role,
        participants.name as participant_name,
        participants.address as participant_address,
        cast(null as string) as participant_record_id,
        if(
            starts_with(messages.related_to_id, '001'),
            concat('salesforce:account:', messages.related_to_id),
            null
        ) as company_record_id,
    from messages
    left join participants
        on messages.email_message_id = participants.email_message_id
    left join fingerprints
        on messages.email_message_id = fingerprints.email_message_id

)

select * from shaped
