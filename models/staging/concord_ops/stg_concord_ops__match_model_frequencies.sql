with

source as (

    select * from {{ source('concord_ops', 'match_model_frequencies') }}

),

renamed as (

    select
        model_version,
        entity,
        attribute,
        value,
        frequency,
    from source

)

select * from renamed
