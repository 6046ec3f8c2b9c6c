{#- The trained model, one row per comparison and level, with its match weight in bits; plus the priors: how many of
    all possible pairs match (`prior`) or are related (`prior_<relation>`). -#}
{% macro match_parameters(entity, em) %}
with

em as (

    select * from {{ em }}

),

defaults as (

    select * from {{ ref('default_match_parameters') }}
    where entity = '{{ entity }}'

),

trained as (

    select
        defaults.comparison,
        defaults.level,
        defaults.label,
        m.probability as m_probability,
        u.probability as u_probability,
        log(m.probability / u.probability, 2) as match_weight,
        m.round as n_rounds,
    from defaults
    inner join em as m
        on m.pair_class = 'match' and defaults.comparison = m.name and defaults.level = m.level
    inner join em as u
        on u.pair_class = 'chance' and defaults.comparison = u.name and defaults.level = u.level

),

shares as (

    select
        pair_class,
        probability,
        1 - {{ exact_sum('probability', 15, 'over ()') }} as chance_probability,
        round,
    from em
    where parameter = 'share' and name = 'all_pairs'

),

priors as (

    select
        if(pair_class = 'match', 'prior', 'prior_' || pair_class) as comparison,
        0 as level,
        'share among all possible pairs' as label,
        probability as m_probability,
        chance_probability as u_probability,
        log(probability / chance_probability, 2) as match_weight,
        round as n_rounds,
    from shares

),

final as (

    select * from trained
    union all
    select * from priors

)

select * from final
{% endmacro %}
