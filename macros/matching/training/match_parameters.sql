{#- The trained model, one row per comparison and level, with its match weight in bits; plus the priors: how many of
    all possible pairs match (`prior`) or are related (`prior_<relation>`). A small file has at least
    `least_related_share` related pairs per match; the more matches there are, the less that counts. `relation_counts`
    are the related pairs that were counted among all records, if any were. -#}
{% macro match_parameters(entity, em, records, relation_counts=none) %}
{%- set constants = training_constants() %}
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

matches as (

    select
        em.probability,
        em.probability * records.n_records * (records.n_records - 1) / 2 as n_matches,
    from em
    cross join (select count(*) as n_records from {{ records }}) as records
    where em.parameter = 'share' and em.pair_class = 'match' and em.name = 'all_pairs'

),

{% if relation_counts %}
{{ counted_shares(entity, relation_counts) }},
{% endif %}

-- What training found among blocked pairs is the least: blocking leaves related pairs out that look like no match. In a
-- file of one office all pairs are colleagues; chance keeps its part.
floored as (

    select
        em.pair_class,
        if(
            em.pair_class = 'match',
            em.probability,
            least(
                {{ constants.largest_share }},
                greatest(
                    em.probability,
                    {{ 'coalesce(counted_shares.probability, 0),' if relation_counts }}
                    if(
                        em.pair_class in ('{{ constants.supposed_relations | join("', '") }}'),
                        {{ constants.least_related_share }}
                        * matches.probability
                        * {{ constants.matches_of_a_small_file }}
                        / ({{ constants.matches_of_a_small_file }} + matches.n_matches),
                        0
                    )
                )
            )
        ) as probability,
        em.round,
    from em
    cross join matches
    {% if relation_counts %}
        left join counted_shares on em.pair_class = counted_shares.relation
    {% endif %}
    where em.parameter = 'share' and em.name = 'all_pairs'

),

shares as (

    select
        pair_class,
        probability,
        1 - {{ exact_sum('probability', 15, 'over ()') }} as chance_probability,
        round,
    from floored

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
