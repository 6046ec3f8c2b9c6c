{{ config(materialized='table') }}

with

source as (

    select * from {{ ref('base_salesforce__task') }}

),

staged as (

    select
        {{ salesforce_id('id') }} as task_id,
        {{ salesforce_id('who_id') }} as who_id,
        {{ salesforce_id('what_id') }} as what_id,
        {{ salesforce_id('account_id') }} as account_id,

        {{ text_or_null('subject') }} as subject,
        lower({{ text_or_null('type') }}) as task_type,
        lower({{ text_or_null('task_subtype') }}) as task_subtype,
        lower({{ text_or_null('call_type') }}) as call_type,
        lower({{ text_or_null('status') }}) as task_status,
        call_duration_in_seconds,
        activity_date,

        coalesce(is_deleted, false) or coalesce(_fivetran_deleted, false) as is_deleted,
        created_date as created_at,
        coalesce(system_modstamp, created_date) as updated_at,
        _fivetran_synced as synced_at,
    from source
    where quarantine_reason is null

)

select * from staged
