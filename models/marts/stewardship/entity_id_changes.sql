with

ledger as (

    select * from {{ ref('int_entity_ledger') }}

),

departures as (

    select * from {{ ref('int_entity_departures') }}

),

-- A run that changed nothing has no row in the ledger; the one that builds this is told all the same.
rows_of_runs as (

    select
        entity,
        run_id,
        happened_at,
        record_id,
        entity_id_before,
        entity_id,
    from ledger
    union all
    select
        entity,
        current_run.run_id,
        current_run.started_at as happened_at,
        cast(null as string) as record_id,
        cast(null as string) as entity_id_before,
        cast(null as string) as entity_id,
    from {{ ref('int_current_run') }} as current_run
    cross join unnest(['person', 'company']) as entity

),

counted as (

    select
        entity,
        run_id,
        min(happened_at) as happened_at,
        countif(record_id is not null and entity_id_before is null) as n_new_records,
        countif(record_id is not null and entity_id is null) as n_gone_records,
        countif(entity_id_before != entity_id) as n_records_changed_id,
    from rows_of_runs
    group by entity, run_id

),

with_totals as (

    select
        *,
        cast(sum(n_new_records - n_gone_records) over (
            partition by entity
            order by happened_at, run_id
        ) as int64) as n_records,
    from counted

),

apart as (

    select
        entity,
        run_id,
        cast(sum(n_compared_records - n_largest_overlap) as int64) as n_records_apart,
    from departures
    group by entity, run_id

),

final as (

    select
        totals.run_id,
        totals.happened_at,
        totals.entity,
        totals.n_records - totals.n_new_records + totals.n_gone_records as n_records_before,
        totals.n_records,
        totals.n_new_records,
        totals.n_gone_records,
        totals.n_records_changed_id,
        round(
            safe_divide(
                totals.n_records_changed_id, totals.n_records - totals.n_new_records + totals.n_gone_records
            ), 6
        ) as id_change_share,
        round(
            safe_divide(coalesce(apart.n_records_apart, 0), totals.n_records - totals.n_new_records), 6
        ) as partition_distance,
    from with_totals as totals
    left join apart on totals.entity = apart.entity and totals.run_id = apart.run_id

)

select * from final
