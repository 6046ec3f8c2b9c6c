{#- What the references of decisions meant when they were made, as CTEs ending in `referenced_records` (decision_id,
    side, record_id), with `ledger`. A reference may be the id of a record or of an entity: both are tried. Reads the
    CTE `decisions`. -#}
{% macro referenced_records(entity) %}
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

)
{% endmacro %}
