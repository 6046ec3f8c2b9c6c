-- A deterministic sample of all possible pairs. Records stand in the order of a hash, and each is paired with the
-- next ones: every pair is equally likely, and the same data gives the same sample.
with features as (

    select * from {{ ref('int_person_features') }}

),

settings as (

    select * from {{ ref('training_settings') }}
    where entity = 'person'

),

sampled_records as (

    select
        record_key,
        exclusive_source,
        to_hex(md5(record_id)) as sort_key,
    from features
    order by sort_key
    limit 20000

),

numbered as (

    select
        record_key,
        exclusive_source,
        row_number() over (order by sort_key) as position,
        count(*) over () as n_records,
    from sampled_records

),

offsets as (

    select
        numbered.record_key,
        numbered.exclusive_source,
        numbered.position + distance as other_position,
    from numbered
    cross join settings
    cross join unnest(generate_array(1, cast(ceil(settings.random_pairs / numbered.n_records) as int64))) as distance

),

random_pairs as (

    select
        least(offsets.record_key, numbered.record_key) as record_key_l,
        greatest(offsets.record_key, numbered.record_key) as record_key_r,
    from offsets
    inner join numbered on offsets.other_position = numbered.position
    where coalesce(offsets.exclusive_source != numbered.exclusive_source, true)

)

select * from random_pairs
