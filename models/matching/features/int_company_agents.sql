-- Numbers and streets of registered agents and shared offices: three firms there are strangers to one another. What
-- they give as theirs says nothing of any of them.
with

records as (

    select * from {{ ref('int_company_distinct_records') }}

),

strangers as (

    select * from {{ ref('int_company_contact_strangers') }}

),

agents as (

    select
        strangers.phone,
        records.street,
        count(distinct records.company_name) as n_company_names,
    from records, unnest(records.phones) as found_phone
    inner join strangers on found_phone = strangers.phone and records.company_name = strangers.company_name
    where strangers.n_strangers >= 2 and records.street is not null
    group by strangers.phone, records.street
    having count(distinct records.company_name) >= 3

)

select * from agents
