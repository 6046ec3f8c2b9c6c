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

{{ em_expectation() }},

{{ em_maximisation() }},

{{ em_match_shares(records) }},

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
