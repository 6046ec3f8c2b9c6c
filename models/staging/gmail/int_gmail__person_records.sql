with

participants as (

    select * from {{ ref('stg_gmail__participants') }}
    where not is_internal

),

addresses as (

    select distinct
        participant_record_id,
        {{ clean_email('address') }} as address,
    from participants

),

-- Who writes in the name of others is nobody.
automatic_senders as (

    select addresses.participant_record_id
    from addresses
    {{ join_automatic_senders('addresses.address') }}
    where {{ is_automatic_sender() }}

),

own_names as (

    select
        participants.participant_record_id,
        participants.address,
        {{ own_display_name('participants.display_name') }} as display_name,
        participants.sent_at,
    from participants
    left join automatic_senders
        on participants.participant_record_id = automatic_senders.participant_record_id
    where automatic_senders.participant_record_id is null

),

name_counts as (

    select
        participant_record_id,
        address,
        display_name,
        count(*) as times_used,
        max(sent_at) as last_used_at,
    from own_names
    group by participant_record_id, address, display_name

),

-- The display name used most often; an address without any keeps its row.
people as (

    select
        participant_record_id,
        address,
        display_name,
        max(last_used_at) over (partition by participant_record_id) as last_seen_at,
    from name_counts
    qualify row_number() over (
        partition by participant_record_id
        order by display_name is null, times_used desc, last_used_at desc, display_name
    ) = 1

),

shaped as (

    select
        participant_record_id as record_id,
        'gmail_participant' as source_system,
        'participant' as source_table,
        address as source_id,
        display_name as full_name,
        [address] as emails,
        last_seen_at as updated_at,
    from people

)

select * from shaped
