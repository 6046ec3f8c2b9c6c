with

candidates as (

    select * from {{ ref('int_company_field_candidates') }}

),

priorities as (

    select * from {{ ref('survivorship_priorities') }}
    where entity = 'company'

),

survivors as (

    select
        candidates.company_id,
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
    qualify {{ survivorship_rank('company_id') }} = 1

)

select * from survivors
