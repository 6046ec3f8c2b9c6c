-- A table: every later step reads it more than once, and cleaning is the costly part.
with

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

source_names as (

    select
        given_name as source_name,
        if(family_name is null, 'whole', 'given') as name_part,
    from source_records
    union distinct
    select
        middle_name as source_name,
        'middle' as name_part,
    from source_records
    union distinct
    select
        family_name as source_name,
        if(given_name is null, 'whole', 'family') as name_part,
    from source_records
    union distinct
    select
        full_name as source_name,
        'whole' as name_part,
    from source_records

),

cleaned as (

    select
        source_name,
        name_part,
        {{ clean_person_name('source_name') }} as clean_name,
    from source_names
    where {{ is_plausible_length('source_name') }}

)

select * from cleaned
