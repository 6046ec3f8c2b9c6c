with

source as (

    select * from {{ source('concord_ops', 'pipeline_runs') }}

),

renamed as (

    select
        run_id,
        resumes as resumed_run_id,
        command,
        target,
        dataset as dataset_prefix,
        selection,

        status,
        exit_code,
        problem,
        what_to_do,
        stale_sources,

        attempts as n_attempts,
        retries as n_retries,
        published_tables as n_published_tables,
        committed_rows as n_committed_rows,
        person_id_change_share,
        person_partition_distance,
        company_id_change_share,
        company_partition_distance,

        fencing_token,
        invocation_ids,
        concord_version,
        dbt_version,

        started_at,
        ended_at,
        step_seconds,
    from source

)

select * from renamed
