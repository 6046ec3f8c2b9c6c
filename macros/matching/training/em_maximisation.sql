{#- Maximisation step of em_round, as CTEs: `shrunk`, the new m- and u-probabilities. Sessions give m, random pairs
    give u less the share of them that match or are related. Counts are shrunk towards the default parameters; sums
    are in fixed point.
    Reads the CTEs `posteriors`, `evidence`, `defaults` and `settings`. -#}
{% macro em_maximisation() %}
vector_counts as (

    select
        session,
        vector_id,
        if(
            session in ('all_pairs', 'random_pairs'),
            0,
            sum(if(pair_class = 'match', n_pairs * probability, 0))
        ) as n_matches,
        if(
            session = 'random_pairs', any_value(n_pairs) * greatest(1 - {{ exact_sum('probability', 12) }}, 0), 0
        ) as n_chance_pairs,
    from posteriors
    group by session, vector_id

),

expected_counts as (

    select
        evidence.comparison,
        evidence.level,
        {{ exact_sum('vector_counts.n_matches') }} as n_matches,
        {{ exact_sum('vector_counts.n_chance_pairs') }} as n_chance_pairs,
    from evidence
    inner join vector_counts
        on evidence.session = vector_counts.session and evidence.vector_id = vector_counts.vector_id
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
        {{ exact_sum(
            'coalesce(expected_counts.n_matches, 0)', over='over (partition by defaults.comparison)'
        ) }} as all_matches,
        {{ exact_sum(
            'coalesce(expected_counts.n_chance_pairs, 0)', over='over (partition by defaults.comparison)'
        ) }} as all_chance_pairs,
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
            + settings.default_u_weight
            * (settings.u_pseudo_pairs + settings.u_pseudo_share * level_counts.all_chance_pairs)
            * level_counts.default_u
        )
        / (
            level_counts.all_chance_pairs
            + settings.default_u_weight
            * (settings.u_pseudo_pairs + settings.u_pseudo_share * level_counts.all_chance_pairs)
        ) as u_probability,
    from level_counts
    cross join settings

)
{% endmacro %}
