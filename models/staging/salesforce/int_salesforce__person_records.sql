with

people as (

    select * from {{ ref('int_salesforce__contact_records') }}

    full union all by name

    select * from {{ ref('int_salesforce__lead_records') }}

)

select * from people
