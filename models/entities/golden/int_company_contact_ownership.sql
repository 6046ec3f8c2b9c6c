-- The number of a head office answers for many companies; if the matching found them to be one, it is its own.
with

contact_values as (

    select * from {{ ref('int_company_contact_values') }}

),

assignments as (

    select * from {{ ref('company_assignments') }}

),

contact_usage as (

    select * from {{ ref('int_company_contact_usage') }}

),

owners as (

    select
        contact_values.field,
        contact_values.matching_value,
        count(distinct assignments.company_id) as n_owners,
    from contact_values
    inner join assignments on contact_values.record_id = assignments.record_id
    group by contact_values.field, contact_values.matching_value

),

final as (

    select
        owners.field,
        owners.matching_value,
        owners.n_owners,
        if(owners.n_owners > 1 and contact_usage.is_shared, 'shared', 'own') as ownership,
    from owners
    left join contact_usage
        on
            owners.field = contact_usage.contact_type
            and owners.matching_value = contact_usage.value

)

select * from final
