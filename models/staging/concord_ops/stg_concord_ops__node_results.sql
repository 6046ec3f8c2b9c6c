with

source as (

    select * from {{ source('concord_ops', 'node_results') }}

),

renamed as (

    select
        run_id,
        unique_id as node_unique_id,
        name as node_name,
        resource_type as node_type,
        relation as relation_name,
        owner,

        status,
        error_class,
        message,

        attempts as n_attempts,
        failures as n_failures,
        rows_affected as n_rows_affected,
        seconds as duration_seconds,
        bytes_processed,
        bytes_billed,
        slot_ms,
        job_id,

        started_at as run_started_at,
    from source

)

select * from renamed
