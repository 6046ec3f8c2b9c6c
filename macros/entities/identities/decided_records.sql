{#- One row per record that somebody decided about, with the time of the newest decision. A decision about an entity is
    about every record that has ever been of it: which of them it binds is a question of the matching. -#}
{% macro decided_records(entity) %}
with

decisions as (

    select * from {{ source('concord_ops', 'decisions') }}
    where entity = '{{ entity }}'

),

ledger as (

    select * from {{ ref('stg_concord_ops__entity_ledger') }}
    where entity = '{{ entity }}' and entity_id is not null

),

decided_ids as (

    select
        decided_id,
        max(decisions.decided_at) as decided_at,
    from decisions
    cross join unnest([decisions.left_id, decisions.right_id]) as decided_id
    group by decided_id

),

decided_records as (

    select
        decided_id as record_id,
        decided_at,
    from decided_ids
    union all
    select
        ledger.record_id,
        decided_ids.decided_at,
    from ledger
    inner join decided_ids on ledger.entity_id = decided_ids.decided_id

),

final as (

    select
        record_id,
        max(decided_at) as decided_at,
    from decided_records
    group by record_id

)

select * from final
{% endmacro %}
