-- How many different companies seem to stand behind a phone number.
with

records as (

    select * from {{ ref('int_company_distinct_records') }}

),

strangers as (

    select
        phone,
        countif(n_strangers >= 2) as n_strange_names,
    from {{ ref('int_company_contact_strangers') }}
    group by phone

),

agents as (

    select distinct phone from {{ ref('int_company_agents') }}

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
        counted.contact_type,
        counted.value,
        counted.n_records,
        counted.n_company_names,
        counted.n_streets,
        -- A head office answers for many places: many names at many addresses. Three names that are strangers to one
        -- another are three firms.
        counted.n_company_names >= 4 and counted.n_streets >= 4
        or coalesce(strangers.n_strange_names, 0) >= 3 as is_shared,
        agents.phone is not null as is_agent,
    from counted
    left join strangers on counted.value = strangers.phone
    left join agents on counted.value = agents.phone

)

select * from judged
