with

nodes as (

    select * from {{ ref('stg_concord_ops__node_results') }}

),

runs as (

    select * from {{ ref('stg_concord_ops__pipeline_runs') }}

),

final as (

    select
        nodes.run_id,
        nodes.node_unique_id,
        nodes.node_name,
        nodes.node_type,
        nodes.relation_name,
        nodes.owner,

        nodes.status,
        nodes.status in ('error', 'fail', 'runtime error', 'partial success') as is_failure,
        nodes.error_class,
        nodes.message,

        nodes.n_attempts,
        nodes.n_failures,
        nodes.n_rows_affected,
        nodes.duration_seconds,
        nodes.bytes_processed,
        nodes.bytes_billed,
        nodes.slot_ms / 1000 as slot_seconds,
        nodes.job_id,

        runs.target,
        nodes.run_started_at,
    from nodes
    inner join runs on nodes.run_id = runs.run_id

)

select * from final
