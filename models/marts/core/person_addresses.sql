with

address_records as (

    select * from {{ ref('int_person_address_records') }}

),

written as (

    select * from {{ ref('int_person_written_records') }}

),

addresses as (

    select
        person_id,
        address,
        array_agg(record_id order by is_whole desc, position limit 1)[safe_offset(0)] as record_id,
        -- The address of the golden record comes from the first of all candidates.
        min(position) = 1 as is_current,
        count(distinct record_id) as n_records,
        array_agg(distinct source_system order by source_system) as source_systems,
        min(updated_at) as first_seen_at,
        max(updated_at) as last_seen_at,
    from address_records
    group by person_id, address

),

final as (

    select
        addresses.person_id,
        to_hex(sha256(concat(addresses.person_id, '|', addresses.address))) as person_address_id,
        written.street,
        written.city,
        written.region,
        written.postcode,
        written.country,
        addresses.is_current,
        addresses.first_seen_at as valid_from,
        if(addresses.is_current, null, addresses.last_seen_at) as valid_to,
        addresses.last_seen_at,
        addresses.n_records,
        addresses.source_systems,
    from addresses
    inner join written on addresses.record_id = written.record_id

)

select * from final
