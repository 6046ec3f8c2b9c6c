{#- A deterministic sample of all possible pairs. Records stand in the order of a hash, and each is paired with the
    next ones: every pair is equally likely, and the same data gives the same sample. -#}
{% macro random_pairs(entity, features) %}
with

features as (

    select * from {{ features }}

),

settings as (

    select * from {{ ref('training_settings') }}
    where entity = '{{ entity }}'

),

sampled_records as (

    select
        record_key,
        exclusive_source,
        to_hex(md5(record_id)) as sort_key,
    from features
    order by sort_key
    limit {{ training_constants().sampled_records }}

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
{% endmacro %}
