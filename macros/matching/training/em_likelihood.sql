{#- How well the parameters explain the training sessions, as the CTE `fit`: the logarithm of the likelihood,
    measured by that of chance, with what the pseudo counts add. Each round maximises it further as long as the
    chance model (u) is held. Reads the CTEs `previous`, `defaults`, `shares`, `settings` and `posteriors`; part of
    em_round. -#}
{% macro em_likelihood() %}
{%- set constants = training_constants() %}
session_vectors as (

    select
        session,
        vector_id,
        any_value(n_pairs) as n_pairs,
        any_value(vector_likelihood) as vector_likelihood,
    from posteriors
    where session not in ('all_pairs', 'random_pairs')
    group by session, vector_id

),

session_shares as (

    select
        session,
        {{ exact_sum(constants.class_pseudo_pairs ~ ' * ln(probability)', 9) }} as log_probability,
        count(*) as n_classes,
        any_value(chance_probability) as chance_probability,
    from shares
    where session not in ('all_pairs', 'random_pairs')
    group by session

),

log_terms as (

    select n_pairs * ln(vector_likelihood) as log_likelihood
    from session_vectors
    union all
    select
        log_probability
        + ({{ constants.share_pseudo_pairs }} - {{ constants.class_pseudo_pairs }} * n_classes)
        * ln(chance_probability) as log_likelihood,
    from session_shares
    union all
    select settings.m_pseudo_pairs * defaults.m_probability * ln(previous.probability) as log_likelihood
    from previous
    inner join defaults on previous.name = defaults.comparison and previous.level = defaults.level
    cross join settings
    where previous.pair_class = 'match' and previous.parameter = 'level'

),

fit as (

    select {{ exact_sum('log_likelihood') }} as log_likelihood
    from log_terms

)
{% endmacro %}
