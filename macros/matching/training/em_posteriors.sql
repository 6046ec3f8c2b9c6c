{#- Expectation step of em_round, SQL of a model: how likely each comparison vector is of each pair class in its session
    (a match, a related pair of int_relations or, with log odds 0, a chance pair), and how likely the vector is at all,
    measured by how likely chance makes it.
    Where a relation explains agreement, its pairs agree as matches do (`related` rows) in `agreement_share` of the
    cases and by chance in the rest. Sums are in fixed point, the same in any order. -#}
{% macro em_posteriors(entity, initial, evidence) %}
with

previous as (

    select * from {{ initial }}
    where parameter != 'round'

),

evidence as (

    select * from {{ evidence }}

),

relations as (

    select * from {{ ref('int_relations') }}
    where entity = '{{ entity }}'

),

level_odds as (

    select
        name as comparison,
        level,
        max(if(pair_class = 'match', probability, null)) / max(if(pair_class = 'chance', probability, null)) as odds,
        max(if(pair_class = 'related', probability, null))
        / max(if(pair_class = 'chance', probability, null)) as related_odds,
    from previous
    where parameter = 'level'
    group by name, level

),

class_odds as (

    select
        'match' as pair_class,
        comparison,
        level,
        ln(odds) as log_odds,
    from level_odds
    union all
    select
        relations.relation as pair_class,
        level_odds.comparison,
        level_odds.level,
        ln(
            relations.agreement_share * level_odds.related_odds + 1 - relations.agreement_share
        ) as log_odds,
    from level_odds
    inner join relations on level_odds.comparison = relations.comparison

),

{{ em_shares_before() }},

vector_odds as (

    select
        evidence.session,
        evidence.vector_id,
        class_odds.pair_class,
        {{ exact_sum('class_odds.log_odds', 9) }} as log_odds,
    from evidence
    inner join class_odds
        on evidence.comparison = class_odds.comparison and evidence.level = class_odds.level
    group by evidence.session, evidence.vector_id, class_odds.pair_class

),

vectors as (

    select
        session,
        vector_id,
        any_value(n_pairs) as n_pairs,
    from evidence
    group by session, vector_id

),

class_likelihoods as (

    select
        vectors.session,
        vectors.vector_id,
        vectors.n_pairs,
        shares.pair_class,
        shares.chance_probability,
        shares.probability * exp(coalesce(vector_odds.log_odds, 0)) as likelihood,
    from vectors
    inner join shares on vectors.session = shares.session
    left join vector_odds
        on
            vectors.session = vector_odds.session
            and vectors.vector_id = vector_odds.vector_id
            and shares.pair_class = vector_odds.pair_class

),

scaled_likelihoods as (

    select
        *,
        greatest(chance_probability, max(likelihood) over (partition by session, vector_id)) as largest_likelihood,
    from class_likelihoods

),

summed_likelihoods as (

    select
        *,
        largest_likelihood * (
            chance_probability / largest_likelihood
            + {{ exact_sum(
                'likelihood / largest_likelihood', 15, 'over (partition by session, vector_id)'
            ) }}
        ) as vector_likelihood,
    from scaled_likelihoods

),

posteriors as (

    select
        session,
        vector_id,
        n_pairs,
        pair_class,
        vector_likelihood,
        likelihood / vector_likelihood as probability,
    from summed_likelihoods

)

select * from posteriors
{% endmacro %}
