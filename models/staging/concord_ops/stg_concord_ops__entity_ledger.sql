with

source as (

    select * from {{ source('concord_ops', 'entity_ledger') }}

),

renamed as (

    select
        run_id,
        entity,
        record_id,
        entity_id_before,
        entity_id,

        event,
        cause,
        record_hash,
        model_version,

        happened_at,
    from source

)

select * from renamed
