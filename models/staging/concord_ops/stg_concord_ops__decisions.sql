with

source as (

    select * from {{ ref('base_concord_ops__decisions') }}

),

usable as (

    select * except (quarantine_reason)
    from source
    where quarantine_reason is null

)

select * from usable
