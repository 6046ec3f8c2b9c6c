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

{{ referenced_records(entity) }},

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
