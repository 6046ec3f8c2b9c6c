-- Joining features, names and parameters to the pairs neither loses a pair nor repeats one.
with

counted as (

    select
        (select count(*) from {{ ref('int_company_candidate_pairs') }}) as n_candidate_pairs,
        (select count(*) from {{ ref('int_company_compared_pairs') }}) as n_compared_pairs,
        (select count(*) from {{ ref('int_company_compared_pairs') }} where rule_mask != 0) as n_blocked_pairs,
        (select count(*) from {{ ref('int_company_scored_pairs') }}) as n_scored_pairs,

)

select *
from counted
where n_candidate_pairs != n_compared_pairs or n_blocked_pairs != n_scored_pairs
