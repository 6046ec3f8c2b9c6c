-- One row per usable decision. Of several about the same two references the newest holds; of those of one moment, the
-- one that keeps more apart.
with

decisions as (

    select * from {{ ref('stg_concord_ops__decisions') }}

),

ranked as (

    select
        *,
        first_value(decision_id) over same_references as holding_decision_id,
    from decisions
    window same_references as (
        partition by entity, least(left_id, right_id), greatest(left_id, right_id)
        order by
            decided_at desc,
            case verdict when 'different' then 1 when 'unsure' then 2 else 3 end,
            decision_id
    )

),

final as (

    select
        *,
        decision_id = holding_decision_id as is_holding,
    from ranked

)

select * from final
