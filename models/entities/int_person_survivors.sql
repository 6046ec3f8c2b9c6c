with

candidates as (

    select * from {{ ref('int_person_field_candidates') }}

),

priorities as (

    select * from {{ ref('survivorship_priorities') }}
    where entity = 'person'

),

survivors as (

    select
        candidates.person_id,
        candidates.field,
        candidates.value,
        candidates.record_id,
        candidates.source_system,
        candidates.updated_at,
    from candidates
    left join priorities
        on
            candidates.field = priorities.field
            and candidates.source_system = priorities.source_system
    qualify {{ survivorship_rank('person_id') }} = 1

)

select * from survivors
