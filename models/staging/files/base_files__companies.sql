with

source as (

    select * from {{ source('files', 'companies') }}

),

checked as (

    select
        *,
        to_json_string(source) as row_json,
        case
            when {{ text_or_null('record_id') }} is null then 'missing_id'
        end as row_problem,
    from source

),

-- Only rows without a problem compete for an id, so that a broken newer row does not displace a good one. Each source
-- system counts its rows on its own.
ranked as (

    select
        *,
        row_number() over (
            partition by {{ file_source_system() }}, {{ text_or_null('record_id') }}, row_problem
            order by coalesce(updated_at, _loaded_at) desc nulls last, _loaded_at desc nulls last, row_json
        ) as version_rank,
    from checked

),

classified as (

    select
        * except (row_problem, version_rank),
        coalesce(row_problem, if(version_rank > 1, 'duplicate_id', null)) as quarantine_reason,
    from ranked

)

select * from classified
