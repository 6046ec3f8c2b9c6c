-- What the matching knew from names is seen again with the persons that it found: a mailbox with five spellings of one
-- person's name is that person's own.
with

{{ contact_owners('person') }},

final as (

    select
        owners.field,
        owners.matching_value,
        owners.n_owners,
        case
            when contact_usage.is_role_mailbox then 'role'
            when owners.n_owners = 1 or contact_usage.usage = 'personal' then 'own'
            else contact_usage.usage
        end as ownership,
    from owners
    inner join contact_usage
        on
            owners.field = contact_usage.contact_type
            and owners.matching_value = contact_usage.value

)

select * from final
