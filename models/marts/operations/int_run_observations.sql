{#- A view over views: after a run it also knows that run, whose log is written when the build is over. -#}
{{ config(materialized='view') }}
with

history as (

    select * from {{ ref('run_metrics_history') }}

),

-- A part of the models, or a run that failed, does not measure a whole run.
runs as (

    select * from {{ ref('stg_concord_ops__pipeline_runs') }}
    where status = 'success' and coalesce(selection, '') = '' and target = '{{ target.name }}'

),

nodes as (

    select * from {{ ref('stg_concord_ops__node_results') }}

),

billed as (

    select
        run_id,
        cast(sum(bytes_billed) as float64) as bytes_billed,
    from nodes
    group by run_id

),

observations as (

    select
        metric,
        scope,
        invocation_id as observation_id,
        run_started_at as observed_at,
        value,
    from history
    union all
    select
        'duration_seconds' as metric,
        'run' as scope,
        run_id as observation_id,
        started_at as observed_at,
        timestamp_diff(ended_at, started_at, millisecond) / 1000 as value,
    from runs
    union all
    select
        'bytes_billed' as metric,
        'run' as scope,
        runs.run_id as observation_id,
        runs.started_at as observed_at,
        billed.bytes_billed as value,
    from runs
    inner join billed on runs.run_id = billed.run_id

),

final as (

    select * from observations
    where value is not null

)

select * from final
