{{ config(materialized='view') }}

with

members as (

    select
        records.*,
        assignments.company_id,
    from {{ ref('int_company_records') }} as records
    inner join {{ ref('company_assignments') }} as assignments
        on records.record_id = assignments.record_id

),

-- Parts that belong together survive together: a street is never joined to another record's city.
field_groups as (

    select
        members.company_id,
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
                if(members.company_name is null, 0, 1) + if(members.legal_suffix is null, 0, 1) as completeness
            ),
            struct(
                'address' as field,
                if(members.street is null, 0, 3) + if(members.postcode is null, 0, 2) + if(members.city is null, 0, 2)
                + if(members.region is null, 0, 1) + if(members.country is null, 0, 1) as completeness
            )
        ]) as field_group
    where field_group.completeness > 0

),

single_values as (

    select
        members.company_id,
        contact.field,
        contact.value,
        members.record_id,
        members.source_system,
        members.updated_at,
    from members
    cross join unnest(array_concat(
        array(select struct('domain' as field, domain as value) from unnest(members.domains) as domain),
        array(select struct('phone' as field, phone as value) from unnest(members.phones) as phone)
    )) as contact

),

-- Of several values, the one that most records agree on says most.
candidates as (

    select * from field_groups

    union all by name

    select
        *,
        count(*) over (partition by company_id, field, value) as completeness,
    from single_values

)

select * from candidates
