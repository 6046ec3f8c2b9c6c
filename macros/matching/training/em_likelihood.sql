{#- How well the parameters explain the training sessions, as the CTE `fit`: the logarithm of the likelihood,
    measured by that of chance, with what the pseudo counts add. Each round maximises it further as long as the
    chance model (u) is held. Reads the CTEs `previous`, `defaults`, `shares`, `settings`, `posteriors` and
    `possible_pairs`; part of em_round. -#}
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

-- Of lone pairs all that are possible count, and those that blocking did not find are chance pairs.
lone_pairs as (

    select {{ exact_sum('n_pairs') }} as n_pairs
    from session_vectors
    where session = 'lone_pairs'

),

pseudo_pairs as (

    select
        shares.*,
        if(
            shares.session = 'lone_pairs', {{ constants.possible_class_pairs }}, {{ constants.class_pseudo_pairs }}
        ) as n_class_pairs,
        if(
            shares.session = 'lone_pairs',
            possible_pairs.n_pairs - lone_pairs.n_pairs + {{ constants.possible_pseudo_pairs }},
            {{ constants.share_pseudo_pairs }}
        ) as n_all_pairs,
    from shares
    cross join lone_pairs
    cross join possible_pairs
    where shares.session not in ('all_pairs', 'random_pairs')

),

session_shares as (

    select
        session,
        {{ exact_sum('n_class_pairs * ln(probability)', 9) }} as log_probability,
        {{ exact_sum('n_class_pairs') }} as n_class_pairs,
        any_value(n_all_pairs) as n_all_pairs,
        any_value(chance_probability) as chance_probability,
    from pseudo_pairs
    group by session

),

log_terms as (

    select n_pairs * ln(vector_likelihood) as log_likelihood
    from session_vectors
    union all
    select
        log_probability
        + (n_all_pairs - n_class_pairs) * ln(chance_probability) as log_likelihood,
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
