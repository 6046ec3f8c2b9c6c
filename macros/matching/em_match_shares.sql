{#- Share of matches in each session, and among all possible pairs, as CTEs; part of em_round.
    Reads the CTE `posteriors`. -#}
{% macro em_match_shares(records) %}
possible_pairs as (

    select greatest(count(*) * (count(*) - 1) / 2, 1) as n_pairs
    from {{ records }}

),

match_shares as (

    select
        posteriors.session,
        sum(posteriors.n_pairs * posteriors.match_probability) as n_matches,
        sum(posteriors.n_pairs) as n_session_pairs,
    from posteriors
    group by posteriors.session

),

global_share as (

    select coalesce(max(if(session = 'all_pairs', n_matches, null)), 0) as n_matches
    from match_shares

)
{% endmacro %}
