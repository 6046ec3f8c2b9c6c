{#- The last assignments and the rows of tonight come to the assignments of tonight. -#}
{% test ledger_replays_to_the_state(model, entity) %}

with

last_assignments as (

    select * from {{ ref('int_' ~ entity ~ '_last_assignments') }}

),

ledger_rows as (

    select * from {{ ref('int_' ~ entity ~ '_ledger_rows') }}

),

assignments as (

    select * from {{ model }}

),

-- A record without a row tonight is as it was.
replayed as (

    select
        coalesce(ledger_rows.record_id, last_assignments.record_id) as record_id,
        if(ledger_rows.record_id is null, last_assignments.{{ entity }}_id, ledger_rows.entity_id) as entity_id,
        if(ledger_rows.record_id is null, last_assignments.record_hash, ledger_rows.record_hash) as record_hash,
    from last_assignments
    full outer join ledger_rows on last_assignments.record_id = ledger_rows.record_id

),

there as (

    select * from replayed
    where entity_id is not null

),

apart as (

    select
        there.record_id,
        there.entity_id,
        assignments.record_id as assigned_record_id,
        assignments.{{ entity }}_id as assigned_id,
    from there
    full outer join assignments on there.record_id = assignments.record_id
    where
        there.entity_id is distinct from assignments.{{ entity }}_id
        or there.record_hash is distinct from assignments.record_hash

)

select * from apart

{% endtest %}
