-- What sources say of the parent of a company, in the words of both companies' ids.
with

source_records as (

    select * from {{ ref('int_company_source_records') }}
    where parent_record_id is not null

),

assignments as (

    select * from {{ ref('company_assignments') }}

),

-- Two records of one company may be parent and child in their source: that is no relation of companies.
stated as (

    select
        children.company_id,
        parents.company_id as parent_company_id,
        source_records.source_system,
        source_records.record_id,
        source_records.updated_at,
        count(*) over (partition by children.company_id, parents.company_id) as n_records,
    from source_records
    inner join assignments as children on source_records.record_id = children.record_id
    inner join assignments as parents on source_records.parent_record_id = parents.record_id
    where children.company_id != parents.company_id

),

-- Sources that disagree: the parent that most records name, then the newest word.
chosen as (

    select
        company_id,
        parent_company_id,
        source_system,
    from stated
    qualify row_number() over (
        partition by company_id
        order by n_records desc, updated_at desc nulls last, record_id
    ) = 1

)

select * from chosen
