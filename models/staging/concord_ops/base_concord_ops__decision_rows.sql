-- All rows of decisions, of the seed and of concord_ops, as they are.
with

seeded as (

    select
        decision_id,
        entity,
        left_id,
        right_id,
        verdict,
        decided_by,
        decided_at as decided_at_text,
        safe_cast({{ text_or_null('decided_at') }} as timestamp) as decided_at,
        reason,
        'seed' as origin,
    from {{ ref('decisions') }}

),

appended as (

    select
        decision_id,
        entity,
        left_id,
        right_id,
        verdict,
        decided_by,
        cast(decided_at as string) as decided_at_text,
        decided_at,
        reason,
        'table' as origin,
    from {{ source('concord_ops', 'decisions') }}

),

combined as (

    select * from seeded
    union all
    select * from appended

)

select * from combined
