{#- One row per decision, side and record: what the references of a decision stand for. A record id is that record.
    The id of an entity is the records that it had when the decision was made, by the ledger: at the latest moment up to
    then at which it had any (an id that was retired before), else when it began (a date without a time, in the night of
    its birth). Records that are gone have no row;
    one whose id changed its case is not gone.
    A record on both sides belongs to the smaller one: "this record is not of that person" is a decision about the
    others of that person, and an entity that was merged away can be taken out of the one it went into. -#}
{% macro decision_sides(entity) %}
with

decisions as (

    select * from {{ ref('int_decisions') }}
    where entity = '{{ entity }}'

),

decided_references as (

    select
        decision_id,
        decided_at,
        'left' as side,
        left_id as reference_id,
    from decisions
    union all
    select
        decision_id,
        decided_at,
        'right' as side,
        right_id as reference_id,
    from decisions

),

ledger as (

    select
        record_id,
        entity_id,
        happened_at,
        run_id,
    from {{ ref('stg_concord_ops__entity_ledger') }}
    where entity = '{{ entity }}'

),

members as (

    select distinct ledger.record_id
    from ledger
    inner join decided_references on ledger.entity_id = decided_references.reference_id

),

-- How long a record was where; the last stay has no end.
stays as (

    select
        ledger.record_id,
        ledger.entity_id,
        ledger.happened_at as began_at,
        lead(ledger.happened_at) over (
            partition by ledger.record_id
            order by ledger.happened_at, ledger.run_id
        ) as ended_at,
    from ledger
    inner join members on ledger.record_id = members.record_id

),

stays_of_references as (

    select
        decided_references.decision_id,
        decided_references.side,
        decided_references.decided_at,
        stays.record_id,
        stays.began_at,
        stays.ended_at,
    from decided_references
    inner join stays on decided_references.reference_id = stays.entity_id

),

moments as (

    select
        decision_id,
        side,
        coalesce(
            max(
                if(
                    began_at <= decided_at,
                    least(decided_at, coalesce(timestamp_sub(ended_at, interval 1 microsecond), decided_at)),
                    null
                )
            ),
            min(began_at)
        ) as seen_at,
    from stays_of_references
    group by decision_id, side

),

referenced_records as (

    select
        decision_id,
        side,
        reference_id as record_id,
    from decided_references
    union distinct
    select
        stays_of_references.decision_id,
        stays_of_references.side,
        stays_of_references.record_id,
    from stays_of_references
    inner join moments
        on
            stays_of_references.decision_id = moments.decision_id
            and stays_of_references.side = moments.side
    where
        stays_of_references.began_at <= moments.seen_at
        and coalesce(moments.seen_at < stays_of_references.ended_at, true)

),

first_seen as (

    select
        record_id,
        min(happened_at) as first_seen_at,
    from ledger
    group by record_id

),

-- A record that is gone goes on as one whose id differs in case alone, unless that one was there already when the
-- decision was made.
records_now as (

    select
        referenced_records.decision_id,
        referenced_records.side,
        records.record_id,
    from referenced_records
    inner join decisions on referenced_records.decision_id = decisions.decision_id
    inner join {{ ref('int_' ~ entity ~ '_records') }} as records
        on lower(referenced_records.record_id) = lower(records.record_id)
    left join first_seen on records.record_id = first_seen.record_id
    where
        referenced_records.record_id = records.record_id
        or coalesce(first_seen.first_seen_at > decisions.decided_at, true)
    qualify rank() over (
        partition by referenced_records.decision_id, referenced_records.side, referenced_records.record_id
        order by referenced_records.record_id != records.record_id
    ) = 1

),

present_records as (

    select
        decision_id,
        side,
        record_id,
        count(*) over (partition by decision_id, side) as n_side_records,
    from records_now

),

final as (

    select
        decision_id,
        side,
        record_id,
    from present_records
    qualify row_number() over (
        partition by decision_id, record_id
        order by n_side_records, side
    ) = 1

)

select * from final
{% endmacro %}
