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

-- Each source system counts its rows on its own.
classified as (

    {{ classified_rows(
        'checked',
        id='record_id',
        key=file_source_system() ~ ', ' ~ text_or_null('record_id'),
        order_by='coalesce(updated_at, _loaded_at) desc nulls last, _loaded_at desc nulls last',
        synced_at='_loaded_at'
    ) }}

)

select * from classified
