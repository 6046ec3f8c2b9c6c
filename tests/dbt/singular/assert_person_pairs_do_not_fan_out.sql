-- Joining features, names and parameters to the pairs neither loses a pair nor repeats one.
with

candidate_pairs as (

    select count(*) as n_pairs from {{ ref('int_person_candidate_pairs') }}

),

compared_pairs as (

    select
        count(*) as n_pairs,
        countif(rule_mask != 0) as n_blocked_pairs,
    from {{ ref('int_person_compared_pairs') }}

),

scored_blocked_pairs as (

    select count(*) as n_pairs from {{ ref('int_person_scored_blocked_pairs') }}

),

bridged_pairs as (

    select count(*) as n_pairs from {{ ref('int_person_bridged_pairs') }}

),

scored_bridged_pairs as (

    select count(*) as n_pairs from {{ ref('int_person_scored_bridged_pairs') }}

),

steps as (

    select
        'compared' as step,
        candidate_pairs.n_pairs as n_expected,
        compared_pairs.n_pairs as n_found,
    from candidate_pairs
    cross join compared_pairs
    union all
    select
        'scored, blocked' as step,
        compared_pairs.n_blocked_pairs as n_expected,
        scored_blocked_pairs.n_pairs as n_found,
    from compared_pairs
    cross join scored_blocked_pairs
    union all
    select
        'scored, bridged' as step,
        bridged_pairs.n_pairs as n_expected,
        scored_bridged_pairs.n_pairs as n_found,
    from bridged_pairs
    cross join scored_bridged_pairs

)

select *
from steps
where n_expected != n_found
