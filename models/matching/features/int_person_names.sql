-- The name each record is matched on: its own, turned upright, and completed from the e-mail address where a part is
-- missing or only an initial.
with

upright as (

    select * from {{ ref('int_person_upright_names') }}

),

email_names as (

    select * from {{ ref('int_person_email_names') }}

),

compared as (

    select
        upright.record_id,
        upright.given_name,
        upright.family_name,
        email_names.given_name as email_given_name,
        email_names.family_name as email_family_name,
        -- The only word of a record stands in the place of the other part.
        coalesce(
            upright.given_name is null and upright.family_name = email_names.given_name, false
        ) as is_family_name_given,
        coalesce(
            upright.family_name is null and upright.given_name = email_names.family_name, false
        ) as is_given_name_family,
        {{ is_name_completed_by('upright.given_name', 'email_names.given_name') }} as is_given_name_open,
        {{ is_name_completed_by('upright.family_name', 'email_names.family_name') }} as is_family_name_open,
        {{ is_name_compatible('upright.given_name', 'email_names.given_name') }} as is_given_name_compatible,
        {{ is_name_compatible('upright.family_name', 'email_names.family_name') }} as is_family_name_compatible,
    from upright
    left join email_names on upright.record_id = email_names.record_id

),

completed as (

    select
        record_id,
        case
            when is_family_name_given then family_name
            when is_given_name_family then email_given_name
            when is_given_name_open and is_family_name_compatible then email_given_name
            else given_name
        end as given_name,
        case
            when is_family_name_given then email_family_name
            when is_given_name_family then given_name
            when is_family_name_open and is_given_name_compatible then email_family_name
            else family_name
        end as family_name,
        is_given_name_family
        or (not is_family_name_given and is_given_name_open and is_family_name_compatible) as is_given_name_from_email,
        is_family_name_given
        or (not is_given_name_family and is_family_name_open and is_given_name_compatible) as is_family_name_from_email,
    from compared

),

final as (

    select
        record_id,
        given_name,
        family_name,
        coalesce(is_given_name_from_email, false) and given_name is not null as is_given_name_from_email,
        coalesce(is_family_name_from_email, false) and family_name is not null as is_family_name_from_email,
    from completed

)

select * from final
