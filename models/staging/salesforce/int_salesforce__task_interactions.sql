with

-- An open task is a plan; only a completed one is an interaction.
tasks as (

    select
        *,
        case
            when 'call' in (task_subtype, task_type) then 'call'
            when 'email' in (task_subtype, task_type) then 'email'
        end as channel,
    from {{ ref('stg_salesforce__tasks') }}
    where
        not is_deleted
        and coalesce(task_status, 'completed') = 'completed'

),

logged_emails as (

    select distinct activity_id
    from {{ ref('stg_salesforce__email_messages') }}
    where
        not is_deleted
        and activity_id is not null

),

shaped as (

    select
        concat('salesforce:task:', tasks.task_id) as interaction_id,
        'salesforce_task' as source_system,
        tasks.channel,
        if(tasks.call_type in ('inbound', 'outbound'), tasks.call_type, 'unknown') as direction,
        -- The due date is when it happened; the creation time is more exact when both fall on one day.
        if(
            tasks.activity_date is null or tasks.activity_date = date(tasks.created_at),
            tasks.created_at,
            timestamp(tasks.activity_date)
        ) as occurred_at,
        tasks.subject,
        tasks.call_duration_in_seconds as duration_seconds,
        if(tasks.who_id is null, null, 'related') as participant_role,
        case
            when starts_with(tasks.who_id, '003') then concat('salesforce:contact:', tasks.who_id)
            when starts_with(tasks.who_id, '00Q') then concat('salesforce:lead:', tasks.who_id)
        end as participant_record_id,
        concat('salesforce:account:', tasks.account_id) as company_record_id,
    from tasks
    left join logged_emails
        on tasks.task_id = logged_emails.activity_id
    where
        tasks.channel is not null
        -- Salesforce also writes a task for an e-mail message; the message itself says more.
        and logged_emails.activity_id is null

)

select * from shaped
