with

decisions as (

    select * from {{ ref('int_decisions') }}

),

outcomes as (

    select * from {{ ref('int_person_decision_outcomes') }}
    union all
    select * from {{ ref('int_company_decision_outcomes') }}

),

final as (

    select
        decisions.decision_id,
        decisions.entity,
        decisions.left_id,
        decisions.right_id,
        decisions.verdict,
        decisions.decided_by,
        decisions.decided_at,
        decisions.reason as decision_reason,
        decisions.origin,

        outcomes.state,
        if(decisions.is_holding, null, decisions.holding_decision_id) as superseded_by,
        outcomes.opposed_by,

        outcomes.n_left_records,
        outcomes.n_right_records,
        outcomes.n_record_pairs,
        outcomes.n_pairs_together,
        outcomes.n_record_pairs - outcomes.n_pairs_together as n_pairs_apart,

        outcomes.n_scored_pairs,
        outcomes.mean_weight,
        outcomes.is_match_by_weight,
    from decisions
    inner join outcomes on decisions.decision_id = outcomes.decision_id

)

select * from final
