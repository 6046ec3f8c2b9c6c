with

records as (

    select * from {{ ref('int_company_records') }}

),

domains as (

    select
        records.record_id,
        'domain' as field,
        domain as value,
        domain as matching_value,
    from records, unnest(records.domains) as domain

),

phones as (

    select
        records.record_id,
        'phone' as field,
        phone as value,
        phone as matching_value,
    from records, unnest(records.phones) as phone

),

final as (

    select * from domains
    union all by name
    select * from phones

)

select * from final
