with

candidates as (

    select * from {{ ref('int_person_ranked_candidates') }}
    where field in ('email', 'phone')

),

participants as (

    select * from {{ ref('fct_interaction_participants') }}
    where person_id is not null and participant_address is not null

),

-- Of several spellings the one that would survive; the first of all candidates is the primary one.
held as (

    select
        person_id,
        field as kind,
        matching_value as value,
        array_agg(value order by position limit 1)[safe_offset(0)] as value_as_written,
        max(ownership) as ownership,
        count(distinct record_id) as n_records,
        array_agg(distinct source_system order by source_system) as source_systems,
        min(updated_at) as first_updated_at,
        max(updated_at) as last_updated_at,
        min(position) = 1 as is_primary,
    from candidates
    group by person_id, field, matching_value

),

used as (

    select
        person_id,
        participant_address as value,
        min(occurred_at) as first_used_at,
        max(occurred_at) as last_used_at,
    from participants
    group by person_id, participant_address

),

final as (

    select
        held.person_id,
        held.kind,
        held.value,
        held.value_as_written,
        case
            when held.ownership = 'own' then 'personal'
            when held.ownership = 'role' then 'role'
            when held.kind = 'phone' and held.ownership = 'shared' then 'switchboard'
            else 'shared'
        end as usage,
        held.is_primary,
        held.n_records,
        held.source_systems,
        least(
            coalesce(held.first_updated_at, used.first_used_at),
            coalesce(used.first_used_at, held.first_updated_at)
        ) as first_seen_at,
        greatest(
            coalesce(held.last_updated_at, used.last_used_at),
            coalesce(used.last_used_at, held.last_updated_at)
        ) as last_seen_at,
    from held
    left join used
        on
            held.person_id = used.person_id
            and held.value = used.value

)

select * from final
