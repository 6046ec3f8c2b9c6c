with

records as (

    select * from {{ ref('int_person_records') }}

),

source_records as (

    select * from {{ ref('int_person_source_records') }}

),

names as (

    select * from {{ ref('int_person_written_names') }}

),

company_names as (

    select * from {{ ref('int_written_company_names') }}

),

placeholders as (

    select array_agg(text) as texts
    from {{ ref('text_placeholders') }}

),

final as (

    select
        records.record_id,

        nullif(array_to_string([names.full_name, names.name_suffix], ' '), '') as display_name,
        names.given_name,
        names.middle_name,
        names.family_name,
        names.name_suffix,
        names.full_name,
        records.date_of_birth,

        {{ valid_as_written('job_title') }} as job_title,
        company_names.display_name as company_name,

        {{ valid_as_written('street') }} as street,
        {{ valid_as_written('city') }} as city,
        {{ valid_as_written('region') }} as region,
        if(records.postcode is null, null, {{ text_as_written('source_records.postcode') }}) as postcode,
        records.country,
    from records
    inner join source_records on records.record_id = source_records.record_id
    cross join placeholders
    left join names on records.record_id = names.record_id
    left join company_names on source_records.company_name = company_names.source_name

)

select * from final
