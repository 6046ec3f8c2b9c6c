with

records as (

    select * from {{ ref('int_company_records') }}

),

source_records as (

    select * from {{ ref('int_company_source_records') }}

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

        company_names.display_name,
        company_names.company_name,
        company_names.legal_suffix,

        {{ valid_as_written('street') }} as street,
        {{ valid_as_written('city') }} as city,
        {{ valid_as_written('region') }} as region,
        if(records.postcode is null, null, {{ text_as_written('source_records.postcode') }}) as postcode,
        records.country,
    from records
    inner join source_records on records.record_id = source_records.record_id
    cross join placeholders
    left join company_names on source_records.company_name = company_names.source_name

)

select * from final
