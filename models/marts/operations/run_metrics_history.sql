{{ config(materialized='incremental', full_refresh=false, on_schema_change='append_new_columns') }}
with

metrics as (

    select * from {{ ref('int_run_table_metrics') }}
    union all
    select * from {{ ref('int_run_record_metrics') }}

),

final as (

    select
        {{ current_run() }},
        metric,
        scope,
        value,
    from metrics

)

select * from final
