-- Joining features, names and parameters to the pairs neither loses a pair nor repeats one.
with

candidate_pairs as (

    select count(*) as n_pairs from {{ ref('int_company_candidate_pairs') }}

),

compared_pairs as (

    select
        count(*) as n_pairs,
        countif(rule_mask != 0) as n_blocked_pairs,
    from {{ ref('int_company_compared_pairs') }}

),

scored_pairs as (

    select count(*) as n_pairs from {{ ref('int_company_scored_pairs') }}

)

select
    candidate_pairs.n_pairs as n_candidate_pairs,
    compared_pairs.n_pairs as n_compared_pairs,
    compared_pairs.n_blocked_pairs,
    scored_pairs.n_pairs as n_scored_pairs,
from candidate_pairs
cross join compared_pairs
cross join scored_pairs
where
    candidate_pairs.n_pairs != compared_pairs.n_pairs
    or compared_pairs.n_blocked_pairs != scored_pairs.n_pairs
