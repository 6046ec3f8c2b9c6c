{#- One round of expectation maximisation for the Fellegi-Sunter model (Winkler 1988, "Using the EM algorithm for weight
    computation in the Fellegi-Sunter model of record linkage"), on counts of comparison vectors.
    All sessions share the m-probabilities and each has its own share of matches: a session that holds almost only
    matches, or none, cannot bend the model as it could alone. Random pairs give u, less the share of them that match.
    Counts are shrunk towards the default parameters, so that 150 records do not learn noise. -#}
{% macro em_round(entity, initial, evidence, records) %}
with previous as (

    select * from {{ initial }}

),

evidence as (

    select * from {{ evidence }}

),

settings as (

    select * from {{ ref('training_settings') }}
    where entity = '{{ entity }}'

),

defaults as (

    select * from {{ ref('default_match_parameters') }}
    where entity = '{{ entity }}'

),

level_weights as (

    select
        m.name as comparison,
        m.level,
        ln(m.probability / u.probability) as log_odds,
    from previous as m
    inner join previous as u on m.name = u.name and m.level = u.level
    where m.parameter = 'm' and u.parameter = 'u'

),

scored_vectors as (

    select
        evidence.session,
        evidence.vector_id,
        any_value(evidence.n_pairs) as n_pairs,
        sum(level_weights.log_odds) as log_odds,
    from evidence
    inner join level_weights
        on evidence.comparison = level_weights.comparison and evidence.level = level_weights.level
    group by evidence.session, evidence.vector_id

),

-- Expectation: how likely each vector is a match in its session.
posteriors as (

    select
        scored_vectors.session,
        scored_vectors.vector_id,
        scored_vectors.n_pairs,
        1 / (1 + exp(-(scored_vectors.log_odds + ln(share.probability / (1 - share.probability))))) as match_probability,
    from scored_vectors
    inner join previous as share
        on share.parameter = 'match_share' and scored_vectors.session = share.name

),

-- Maximisation: expected counts a level, among matches and among chance pairs.
expected_counts as (

    select
        evidence.comparison,
        evidence.level,
        sum(
            if(
                evidence.session in ('all_pairs', 'random_pairs'),
                0,
                evidence.n_pairs * posteriors.match_probability
            )
        ) as n_matches,
        sum(
            if(evidence.session = 'random_pairs', evidence.n_pairs * (1 - posteriors.match_probability), 0)
        ) as n_chance_pairs,
    from evidence
    inner join posteriors
        on evidence.session = posteriors.session and evidence.vector_id = posteriors.vector_id
    group by evidence.comparison, evidence.level

),

level_counts as (

    select
        defaults.comparison,
        defaults.level,
        defaults.m_probability as default_m,
        defaults.u_probability as default_u,
        coalesce(expected_counts.n_matches, 0) as n_matches,
        coalesce(expected_counts.n_chance_pairs, 0) as n_chance_pairs,
        sum(coalesce(expected_counts.n_matches, 0)) over (partition by defaults.comparison) as all_matches,
        sum(coalesce(expected_counts.n_chance_pairs, 0)) over (partition by defaults.comparison) as all_chance_pairs,
    from defaults
    left join expected_counts
        on defaults.comparison = expected_counts.comparison and defaults.level = expected_counts.level

),

-- u keeps a share of its default however large the sample: a level that chance never showed is rare, not impossible.
shrunk as (

    select
        level_counts.comparison,
        level_counts.level,
        (level_counts.n_matches + settings.m_pseudo_pairs * level_counts.default_m)
        / (level_counts.all_matches + settings.m_pseudo_pairs) as m_probability,
        (
            level_counts.n_chance_pairs
            + (1 + settings.u_pseudo_share * level_counts.all_chance_pairs) * level_counts.default_u
        )
        / (level_counts.all_chance_pairs + 1 + settings.u_pseudo_share * level_counts.all_chance_pairs) as u_probability,
    from level_counts
    cross join settings

),

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

),

next_values as (

    select
        'm' as parameter,
        comparison as name,
        level,
        m_probability as probability,
    from shrunk
    union all
    select
        'u' as parameter,
        comparison as name,
        level,
        u_probability as probability,
    from shrunk
    union all
    select
        'match_share' as parameter,
        match_shares.session as name,
        -1 as level,
        if(
            match_shares.session in ('all_pairs', 'random_pairs'),
            least(0.5, greatest((global_share.n_matches + 0.5) / (possible_pairs.n_pairs + 1), 1e-15)),
            least(0.9999, greatest(match_shares.n_matches / match_shares.n_session_pairs, 0.0001))
        ) as probability,
    from match_shares
    cross join possible_pairs
    cross join global_share

),

compared_rounds as (

    select
        next_values.parameter,
        next_values.name,
        next_values.level,
        next_values.probability,
        previous.round + 1 as round,
        max(
            if(
                next_values.parameter = 'u',
                0,
                abs(next_values.probability - previous.probability)
            )
        ) over () < settings.convergence_tolerance as is_converged,
    from next_values
    inner join previous
        on
            next_values.parameter = previous.parameter
            and next_values.name = previous.name
            and next_values.level = previous.level
    cross join settings

)

select * from compared_rounds
{% endmacro %}
