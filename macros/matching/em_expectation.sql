{#- Expectation step of em_round, as CTEs: `posteriors`, how likely each comparison vector is a match in its session.
    Reads the CTEs `previous` and `evidence`. -#}
{% macro em_expectation() %}
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

posteriors as (

    select
        scored_vectors.session,
        scored_vectors.vector_id,
        scored_vectors.n_pairs,
        1 / (1 + exp(-(scored_vectors.log_odds + ln(share.probability / (1 - share.probability))))) as match_probability,
    from scored_vectors
    inner join previous as share
        on share.parameter = 'match_share' and scored_vectors.session = share.name

)
{% endmacro %}
