with

records as (

    select * from {{ ref('int_company_records') }}

),

assignments as (

    select * from {{ ref('company_assignments') }}

),

final as (

    select
        records.record_id,
        assignments.company_id,
        records.source_system,
        records.source_table,
        records.source_id,
        records.updated_at,
    from records
    inner join assignments
        on records.record_id = assignments.record_id

)

select * from final
