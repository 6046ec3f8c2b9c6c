{#- The comparison vectors as EM reads them: one row per session, vector and comparison that the session may learn
    from. A session is the set of pairs that one blocking rule found; what the rule blocks on always agrees there and
    is left out. `all_pairs` gives the share of matches among all possible pairs, `random_pairs` the
    u-probabilities.
    Where most pairs have one comparison that is known (a list of names), no other session sees it: m is learned from
    those pairs (`lone_pairs`). Nothing tells whether they agree by chance, so what they closely agree in teaches no
    u. -#}
{% macro training_evidence(entity, model, vectors, blocking_rules) %}
with

vectors as (

    select
        *,
        {% for comparison in model -%}
            if({{ comparison.name }}_level = -1, 0, 1){{ ' + ' if not loop.last }}
        {%- endfor %} as n_known,
    from {{ vectors }}

),

most_pairs as (

    select sum(if(n_known = 1, n_random_pairs, 0)) > 0.5 * sum(n_random_pairs) as are_lone
    from vectors
    where n_known > 0

),

sessions as (

    select
        rule as session,
        1 << rule_bit as session_bit,
        split(uses_comparisons, '|') as used_comparisons,
    from {{ blocking_rules }}
    where is_training_session

),

session_vectors as (

    select
        sessions.session,
        vectors.*,
        vectors.n_blocked_pairs as n_pairs,
        sessions.used_comparisons,
    from vectors
    inner join sessions on vectors.session_mask & sessions.session_bit != 0
    where vectors.n_blocked_pairs > 0
    union all
    select
        'all_pairs' as session,
        *,
        n_blocked_pairs as n_pairs,
        cast([] as array<string>) as used_comparisons,
    from vectors
    where n_blocked_pairs > 0
    union all
    select
        'random_pairs' as session,
        *,
        n_random_pairs as n_pairs,
        cast([] as array<string>) as used_comparisons,
    from vectors
    where n_random_pairs > 0
    union all
    select
        'lone_pairs' as session,
        vectors.*,
        vectors.n_blocked_pairs as n_pairs,
        cast([] as array<string>) as used_comparisons,
    from vectors
    cross join most_pairs
    where vectors.n_blocked_pairs > 0 and vectors.n_known = 1 and most_pairs.are_lone

),

evidence as (

    select
        session_vectors.session,
        session_vectors.vector_id,
        session_vectors.n_pairs,
        session_vectors.n_known,
        compared.comparison,
        compared.level,
    from session_vectors
    cross join unnest([
        {%- for comparison in model %}
            struct('{{ comparison.name }}' as comparison, session_vectors.{{ comparison.name }}_level as level)
            {{- ',' if not loop.last }}
        {%- endfor %}
    ]) as compared
    where
        compared.level != -1
        and compared.comparison not in unnest(session_vectors.used_comparisons)

),

telling_levels as (

    select
        comparison,
        level,
    from {{ ref('default_match_parameters') }}
    cross join most_pairs
    where
        most_pairs.are_lone
        and entity = '{{ entity }}'
        and m_probability > {{ training_constants().telling_odds }} * u_probability

),

final as (

    select evidence.* except (n_known)
    from evidence
    left join telling_levels
        on
            evidence.session = 'random_pairs'
            and evidence.n_known = 1
            and evidence.comparison = telling_levels.comparison
            and evidence.level = telling_levels.level
    where telling_levels.comparison is null

)

select * from final
{% endmacro %}
