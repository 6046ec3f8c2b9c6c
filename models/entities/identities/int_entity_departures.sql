-- One row per run and entity that lost records to other entities: how many it had, how many of them are gone, and how
-- many went where most of them went.
with

ledger as (

    select * from {{ ref('int_entity_ledger') }}

),

size_changes as (

    select
        entity,
        entity_id,
        run_id,
        happened_at,
        1 as n_records,
    from ledger
    where entity_id is not null and entity_id_before is distinct from entity_id
    union all
    select
        entity,
        entity_id_before as entity_id,
        run_id,
        happened_at,
        -1 as n_records,
    from ledger
    where entity_id_before is not null and entity_id_before is distinct from entity_id

),

changes_of_runs as (

    select
        entity,
        entity_id,
        run_id,
        happened_at,
        cast(sum(n_records) as int64) as n_records,
    from size_changes
    group by entity, entity_id, run_id, happened_at

),

sizes as (

    select
        entity,
        entity_id,
        run_id,
        cast(sum(n_records) over (
            partition by entity, entity_id
            order by happened_at, run_id
        ) as int64) - n_records as n_records_before,
    from changes_of_runs

),

destinations as (

    select
        entity,
        run_id,
        entity_id_before,
        entity_id,
        count(*) as n_records,
    from ledger
    where entity_id_before is distinct from entity_id and entity_id_before is not null
    group by entity, run_id, entity_id_before, entity_id

),

departures as (

    select
        entity,
        run_id,
        entity_id_before,
        cast(sum(if(entity_id is null, n_records, 0)) as int64) as n_gone_records,
        cast(sum(if(entity_id is null, 0, n_records)) as int64) as n_leaving_records,
        max(if(entity_id is null, 0, n_records)) as n_largest_departure,
    from destinations
    group by entity, run_id, entity_id_before

),

final as (

    select
        departures.entity,
        departures.run_id,
        departures.entity_id_before,
        sizes.n_records_before - departures.n_gone_records as n_compared_records,
        greatest(
            sizes.n_records_before - departures.n_gone_records - departures.n_leaving_records,
            departures.n_largest_departure
        ) as n_largest_overlap,
    from departures
    inner join sizes
        on
            departures.entity = sizes.entity
            and departures.run_id = sizes.run_id
            and departures.entity_id_before = sizes.entity_id
    where departures.n_leaving_records > 0

)

select * from final
