-- How many different companies seem to stand behind a phone number.
with

records as (

    select * from {{ ref('int_company_distinct_records') }}

),

counted as (

    select
        'phone' as contact_type,
        phone as value,
        count(*) as n_records,
        count(distinct records.company_name) as n_company_names,
        count(distinct records.street) as n_streets,
    from records, unnest(records.phones) as phone
    group by value

),

judged as (

    select
        contact_type,
        value,
        n_records,
        n_company_names,
        n_streets,
        -- A head office answers for many places: many names at many addresses.
        n_company_names >= 4 and n_streets >= 4 as is_shared,
    from counted

)

select * from judged
