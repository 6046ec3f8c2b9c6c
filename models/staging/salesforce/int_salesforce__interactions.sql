with

interactions as (

    select * from {{ ref('int_salesforce__email_interactions') }}

    full union all by name

    select * from {{ ref('int_salesforce__task_interactions') }}

)

select * from interactions
