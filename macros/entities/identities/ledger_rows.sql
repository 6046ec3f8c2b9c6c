{#- The rows that this build would append to the ledger: one per record that came, changed, went, or changed its entity;
    what happened to it, and why. docs/model/identities.md says what the words mean. -#}
{% macro ledger_rows(entity) %}
with

tonight as (

    select * from {{ ref(entity ~ '_assignments') }}

),

last_assignments as (

    select * from {{ ref('int_' ~ entity ~ '_last_assignments') }}

),

identities as (

    select * from {{ ref('int_' ~ entity ~ '_identities') }}

),

current_run as (

    select * from {{ ref('int_current_run') }}

),

compared as (

    select
        coalesce(tonight.record_id, last_assignments.record_id) as record_id,
        tonight.record_hash,
        last_assignments.{{ entity }}_id as entity_id_before,
        tonight.{{ entity }}_id as entity_id,
        last_assignments.record_id is null as is_new,
        tonight.record_id is null as is_gone,
        coalesce(tonight.record_hash != last_assignments.record_hash, false) as is_changed,
    from tonight
    full outer join last_assignments on tonight.record_id = last_assignments.record_id

),

{{ entity_reasons(entity) }},

changes as (

    select *
    from compared
    where is_new or is_gone or is_changed or entity_id_before != entity_id

),

events as (

    select
        changes.*,
        case
            when changes.is_new and identities.is_new then 'born'
            when changes.is_new then 'grew'
            when changes.is_gone and going_on.{{ entity }}_id is not null then 'shrank'
            when changes.is_gone then 'retired'
            when changes.entity_id_before = changes.entity_id then 'updated'
            when identities.is_new then 'split'
            when going_on.{{ entity }}_id is not null then 'moved'
            else 'merged'
        end as event,
    from changes
    left join identities on changes.entity_id = identities.{{ entity }}_id
    left join identities as going_on on changes.entity_id_before = going_on.{{ entity }}_id

),

final as (

    select
        current_run.run_id,
        current_run.started_at as happened_at,
        '{{ entity }}' as entity,
        events.record_id,
        events.record_hash,
        events.entity_id_before,
        events.entity_id,
        events.event,
        case
            -- What a record does on its own has its own cause.
            when events.event in ('born', 'grew') and decided_records.record_id is null then 'new_record'
            when events.event in ('shrank', 'retired') then 'deleted_record'
            when events.event = 'updated' then 'changed_record'
            when reasons_before.is_decided or reasons.is_decided then 'decision'
            when reasons_before.is_new or reasons.is_new then 'new_record'
            when reasons_before.is_changed or reasons.is_changed then 'changed_record'
            when reasons_before.is_gone or reasons.is_gone then 'deleted_record'
            when model_versions.model_version != last_run.model_version then 'model_change'
            else 'indirect'
        end as cause,
        model_versions.model_version,
    from events
    cross join current_run
    cross join last_run
    cross join model_versions
    left join decided_records on events.record_id = decided_records.record_id
    left join reasons as reasons_before on events.entity_id_before = reasons_before.entity_id
    left join reasons on events.entity_id = reasons.entity_id

)

select * from final
{% endmacro %}
