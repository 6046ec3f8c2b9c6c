{{ config(materialized='view') }}

-- The ledger as it is once this build is accepted.
with

ledger as (

    select * from {{ ref('stg_concord_ops__entity_ledger') }}

),

tonight as (

    select * from {{ ref('int_person_ledger_rows') }}
    union all
    select * from {{ ref('int_company_ledger_rows') }}

),

-- A build that goes on after its rows were accepted must not count them twice.
accepted_runs as (

    select distinct
        entity,
        run_id,
    from ledger

),

rows_of_both as (

    select
        run_id,
        happened_at,
        entity,
        record_id,
        entity_id_before,
        entity_id,
        event,
        cause,
        model_version,
    from ledger
    union all
    select
        tonight.run_id,
        tonight.happened_at,
        tonight.entity,
        tonight.record_id,
        tonight.entity_id_before,
        tonight.entity_id,
        tonight.event,
        tonight.cause,
        tonight.model_version,
    from tonight
    left join accepted_runs on tonight.entity = accepted_runs.entity and tonight.run_id = accepted_runs.run_id
    where accepted_runs.run_id is null

)

select * from rows_of_both
