{#- The comparison vectors as EM reads them: one row per session, vector and comparison that the session may learn
    from. A session is the set of pairs that one blocking rule found; what the rule blocks on always agrees there and
    is left out. `all_pairs` gives the share of matches among all possible pairs, `random_pairs` the
    u-probabilities. -#}
{% macro training_evidence(model, vectors, blocking_rules) %}
with

vectors as (

    select * from {{ vectors }}

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

),

evidence as (
    {% for comparison in model %}
        select
            session,
            vector_id,
            n_pairs,
            '{{ comparison.name }}' as comparison,
            {{ comparison.name }}_level as level,
        from session_vectors
        where
            {{ comparison.name }}_level != -1
            and '{{ comparison.name }}' not in unnest(used_comparisons)
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from evidence
{% endmacro %}
