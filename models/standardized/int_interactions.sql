{#- A new source of activity: its own int_<source>__interactions in the staging folder, and its name in this list. -#}
{%- set sources = ['salesforce', 'gmail', 'dialpad'] | select('in', enabled_sources()) | list -%}
with

interactions as (

    {% for source in sources %}
        select * from {{ ref('int_' ~ source ~ '__interactions') }}
        {% if not loop.last %}
            union all by name
        {% endif %}
    {% else %}
        -- No enabled source has activity: an empty table of the same shape.
        select
            cast(null as string) as interaction_id,
            cast(null as string) as source_system,
            cast(null as string) as channel,
            cast(null as string) as direction,
            cast(null as timestamp) as occurred_at,
            cast(null as string) as subject,
            cast(null as int64) as duration_seconds,
            cast(null as string) as participant_role,
            cast(null as string) as participant_name,
            cast(null as string) as participant_address,
            cast(null as string) as participant_record_id,
            cast(null as string) as company_record_id
        limit 0
    {% endfor %}

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
