with

audit as (

    select * from {{ ref('decision_audit') }}

),

rejected as (

    select
        decision_id,
        entity,
        left_id,
        right_id,
        verdict,
        decided_by,
        decided_at,
        quarantine_reason as problem,
        cast(null as string) as other_decision_ids,
    from {{ ref('base_concord_ops__decisions') }}
    where quarantine_reason is not null

),

without_effect as (

    select
        decision_id,
        entity,
        left_id,
        right_id,
        verdict,
        decided_by,
        decided_at,
        state as problem,
        cast(null as string) as other_decision_ids,
    from audit
    where state in ('unknown_reference', 'without_records')

),

contradictory as (

    select
        audit.decision_id,
        audit.entity,
        audit.left_id,
        audit.right_id,
        audit.verdict,
        audit.decided_by,
        audit.decided_at,
        'contradiction' as problem,
        audit.opposed_by as other_decision_ids,
    from audit
    where audit.opposed_by is not null

),

-- Somebody who changes his mind contradicts nobody.
overruled as (

    select
        audit.decision_id,
        audit.entity,
        audit.left_id,
        audit.right_id,
        audit.verdict,
        audit.decided_by,
        audit.decided_at,
        'overruled' as problem,
        audit.superseded_by as other_decision_ids,
    from audit
    inner join audit as holding on audit.superseded_by = holding.decision_id
    where
        audit.verdict != holding.verdict
        and coalesce(audit.decided_by, '') != coalesce(holding.decided_by, '')

),

final as (

    select * from rejected
    union all
    select * from without_effect
    union all
    select * from contradictory
    union all
    select * from overruled

)

select * from final
