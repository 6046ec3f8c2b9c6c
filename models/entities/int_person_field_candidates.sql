{{ config(materialized='view') }}

with

members as (

    select
        records.*,
        assignments.person_id,
    from {{ ref('int_person_records') }} as records
    inner join {{ ref('person_assignments') }} as assignments
        on records.record_id = assignments.record_id

),

-- Parts that belong together survive together. Jobs change, so the newest one counts and not the fullest.
field_groups as (

    select
        members.person_id,
        field_group.field,
        cast(null as string) as value,
        field_group.completeness,
        members.record_id,
        members.source_system,
        members.updated_at,
    from members
    cross join
        unnest([
            struct(
                'name' as field,
                if(members.family_name is null, 0, 4) + if(members.middle_name is null, 0, 1)
                -- An initial tells less than a name.
                + coalesce(least(char_length(members.given_name), 2), 0) as completeness
            ),
            struct(
                'address' as field,
                if(members.street is null, 0, 3) + if(members.postcode is null, 0, 2) + if(members.city is null, 0, 2)
                + if(members.region is null, 0, 1) + if(members.country is null, 0, 1) as completeness
            ),
            struct(
                'job' as field,
                if(members.job_title is null and members.company_name is null, 0, 1) as completeness
            ),
            struct(
                'date_of_birth' as field,
                if(members.date_of_birth is null, 0, 1) as completeness
            )
        ]) as field_group
    where field_group.completeness > 0

),

single_values as (

    select
        members.person_id,
        contact.field,
        contact.value,
        members.record_id,
        members.source_system,
        members.updated_at,
    from members
    cross join unnest(array_concat(
        array(select struct('email' as field, email as value) from unnest(members.emails) as email),
        array(select struct('phone' as field, phone as value) from unnest(members.phones) as phone)
    )) as contact

),

-- Of several values, the one that most records agree on says most.
candidates as (

    select * from field_groups

    union all by name

    select
        *,
        count(*) over (partition by person_id, field, value) as completeness,
    from single_values

)

select * from candidates
