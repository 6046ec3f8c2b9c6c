{{ config(materialized='view') }}

-- Step 3.6 of docs/model/matching.md: every candidate pair, with a hash of what its weight comes from.
with

candidate_pairs as (

    select * from {{ ref('int_person_candidate_pairs') }}

),

left_features as (

    select
        record_key,
        feature_hash,
    from {{ ref('int_person_features') }}

),

right_features as (

    select
        record_key,
        feature_hash,
    from {{ ref('int_person_features') }}

),

hashed as (

    select
        pairs.*,
        {{ pair_hash('pairs', 'l', 'r') }} as pair_hash,
    from candidate_pairs as pairs
    inner join left_features as l on pairs.record_key_l = l.record_key
    inner join right_features as r on pairs.record_key_r = r.record_key

)

select * from hashed
