{#- CTEs that say what may have moved records, per entity before or after: `reasons`, with `decided_records`, `last_run`
    and `model_versions`. Reads the CTE `compared`. -#}
{% macro entity_reasons(entity) %}
last_run as (

    select
        max(happened_at) as happened_at,
        any_value(model_version having max happened_at) as model_version,
    from {{ ref('stg_concord_ops__entity_ledger') }}
    where entity = '{{ entity }}'

),

model_versions as (

    select any_value(model_version) as model_version
    from {{ ref('int_' ~ entity ~ '_model_version') }}

),

-- Records that somebody has decided about since the ledger was written.
decided_records as (

    select distinct decided_records.record_id
    from {{ ref('int_' ~ entity ~ '_decided_records') }} as decided_records
    cross join last_run
    where decided_records.decided_at > last_run.happened_at

),

reasons as (

    select
        concerned_id as entity_id,
        logical_or(decided_records.record_id is not null) as is_decided,
        logical_or(compared.is_new) as is_new,
        logical_or(compared.is_changed) as is_changed,
        logical_or(compared.is_gone) as is_gone,
    from compared
    left join decided_records on compared.record_id = decided_records.record_id
    cross join unnest([compared.entity_id_before, compared.entity_id]) as concerned_id
    where
        concerned_id is not null
        and (compared.is_new or compared.is_changed or compared.is_gone or decided_records.record_id is not null)
    group by concerned_id

)
{% endmacro %}
