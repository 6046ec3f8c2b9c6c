with

runs as (

    select * from {{ ref('stg_concord_ops__pipeline_runs') }}

),

nodes as (

    select * from {{ ref('stg_concord_ops__node_results') }}

),

summed_nodes as (

    select
        run_id,
        count(*) as n_nodes,
        countif(status in ('error', 'fail', 'runtime error', 'partial success')) as n_failed_nodes,
        countif(status = 'not_run') as n_nodes_not_run,
        cast(sum(n_rows_affected) as int64) as n_rows_affected,
        cast(sum(bytes_processed) as int64) as bytes_processed,
        cast(sum(bytes_billed) as int64) as bytes_billed,
        sum(slot_ms) / 1000 as slot_seconds,
    from nodes
    group by run_id

),

final as (

    select
        runs.run_id,
        runs.resumed_run_id,
        runs.command,
        runs.target,
        runs.dataset_prefix,
        runs.selection,

        runs.status,
        runs.status = 'success' as is_success,
        runs.exit_code,
        runs.problem,

        runs.started_at,
        runs.ended_at,
        timestamp_diff(runs.ended_at, runs.started_at, millisecond) / 1000 as duration_seconds,

        runs.n_attempts,
        runs.n_retries,
        runs.n_published_tables,
        runs.n_committed_rows,
        runs.person_id_change_share,
        runs.person_partition_distance,
        runs.company_id_change_share,
        runs.company_partition_distance,
        coalesce(summed_nodes.n_nodes, 0) as n_nodes,
        coalesce(summed_nodes.n_failed_nodes, 0) as n_failed_nodes,
        coalesce(summed_nodes.n_nodes_not_run, 0) as n_nodes_not_run,
        array_length(runs.stale_sources) as n_stale_sources,

        summed_nodes.n_rows_affected,
        summed_nodes.bytes_processed,
        summed_nodes.bytes_billed,
        summed_nodes.slot_seconds,

        runs.concord_version,
        runs.dbt_version,
    from runs
    left join summed_nodes on runs.run_id = summed_nodes.run_id

)

select * from final
