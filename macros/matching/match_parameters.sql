{#- The trained model, one row a comparison and level, with its match weight in bits; plus the prior. -#}
{% macro match_parameters(entity, em) %}
with em as (

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
        on m.parameter = 'm' and defaults.comparison = m.name and defaults.level = m.level
    inner join em as u
        on u.parameter = 'u' and defaults.comparison = u.name and defaults.level = u.level

),

prior as (

    select
        'prior' as comparison,
        0 as level,
        'share of matches among all possible pairs' as label,
        probability as m_probability,
        1 - probability as u_probability,
        log(probability / (1 - probability), 2) as match_weight,
        round as n_rounds,
    from em
    where parameter = 'match_share' and name = 'all_pairs'

)

select * from trained
union all
select * from prior
{% endmacro %}
