-- A table: every later step reads it more than once, and cleaning is the costly part.
with

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

source_names as (

    select given_name as source_name from source_records
    union distinct
    select middle_name as source_name from source_records
    union distinct
    select family_name as source_name from source_records
    union distinct
    select full_name as source_name from source_records

),

cleaned as (

    select
        source_name,
        {{ clean_person_name('source_name') }} as clean_name,
    from source_names
    where {{ is_plausible_length('source_name') }}

)

select * from cleaned
