with

members as (

    select
        assignments.person_id,
        records.source_system,
        records.updated_at,
    from {{ ref('person_assignments') }} as assignments
    inner join {{ ref('int_person_records') }} as records
        on assignments.record_id = records.record_id

),

candidates as (

    select * from {{ ref('int_person_field_candidates') }}

),

survivors as (

    select * from {{ ref('int_person_survivors') }}

),

totals as (

    select
        person_id,
        count(*) as n_records,
        array_agg(distinct source_system order by source_system) as source_systems,
        max(updated_at) as last_updated_at,
    from members
    group by person_id

),

emails as (

    select
        person_id,
        array_agg(distinct value order by value) as emails,
    from candidates
    where field = 'email'
    group by person_id

),

phones as (

    select
        person_id,
        array_agg(distinct value order by value) as phones,
    from candidates
    where field = 'phone'
    group by person_id

),

chosen as (

    select
        person_id,
        max(if(field = 'name', record_id, null)) as name_record_id,
        max(if(field = 'job', record_id, null)) as job_record_id,
        max(if(field = 'address', record_id, null)) as address_record_id,
        max(if(field = 'date_of_birth', record_id, null)) as date_of_birth_record_id,
        max(if(field = 'email', value, null)) as primary_email,
        max(if(field = 'phone', value, null)) as primary_phone,
    from survivors
    group by person_id

),

summaries as (

    select
        totals.*,
        emails.emails,
        phones.phones,
        chosen.* except (person_id),
    from totals
    left join chosen on totals.person_id = chosen.person_id
    left join emails on totals.person_id = emails.person_id
    left join phones on totals.person_id = phones.person_id

)

select * from summaries
