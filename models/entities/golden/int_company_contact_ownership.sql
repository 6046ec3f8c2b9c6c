-- The number of a head office answers for many companies; if the matching found them to be one, it is its own.
with

{{ contact_owners('company') }},

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
