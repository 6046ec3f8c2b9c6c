-- Every id that is no longer: when it ended, and which id took most of the records that it had then. Round 0 of the
-- aliases.
with

ledger as (

    select * from {{ ref('int_entity_ledger') }}

),

living as (

    select
        'person' as entity,
        person_id as entity_id,
    from {{ ref('int_person_identities') }}
    union all
    select
        'company' as entity,
        company_id as entity_id,
    from {{ ref('int_company_identities') }}

),

-- Where its records went, per run.
departures as (

    select
        ledger.entity,
        ledger.entity_id_before as retired_id,
        ledger.entity_id as successor_id,
        ledger.run_id,
        ledger.happened_at,
        min(ledger.cause) as cause,
        count(*) as n_records,
    from ledger
    left join living on ledger.entity = living.entity and ledger.entity_id_before = living.entity_id
    where
        living.entity_id is null
        and ledger.entity_id_before is not null
        and ledger.entity_id_before is distinct from ledger.entity_id
    group by ledger.entity, ledger.entity_id_before, ledger.entity_id, ledger.run_id, ledger.happened_at

),

-- An id that ends has lost its last records in its last run. Records that are gone count only when all are.
last_departures as (

    select *
    from departures
    qualify row_number() over (
        partition by entity, retired_id
        order by happened_at desc, run_id desc, successor_id is null, n_records desc, successor_id
    ) = 1

),

final as (

    select
        entity,
        retired_id,
        successor_id as entity_id,
        successor_id,
        if(successor_id is null, 'retired', 'merged') as event,
        cause,
        run_id,
        happened_at as retired_at,
        0 as round,
        false as is_converged,
    from last_departures

)

select * from final
