with

ledger as (

    select * from {{ ref('int_entity_ledger') }}

),

final as (

    select
        run_id,
        happened_at,
        entity,
        entity_id_before,
        entity_id,
        event,
        cause,
        model_version,
        count(*) as n_records,
        array_agg(record_id order by record_id) as record_ids,
    from ledger
    group by run_id, happened_at, entity, entity_id_before, entity_id, event, cause, model_version

)

select * from final
