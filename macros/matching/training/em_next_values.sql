{#- The parameters after the round, as CTEs ending in `moved`: what the maximisation step found, and beside it what
    it was before. What is not learned in this round keeps its value. Reads the CTEs `previous`, `settings`, `shrunk`
    and `next_shares`; part of em_round. -#}
{% macro em_next_values() %}
next_values as (

    select
        'level' as parameter,
        learned.pair_class,
        shrunk.comparison as name,
        shrunk.level,
        learned.probability,
    from shrunk
    cross join unnest([
        struct('match' as pair_class, shrunk.m_probability as probability),
        struct('related' as pair_class, shrunk.m_probability as probability),
        struct('chance' as pair_class, shrunk.u_probability as probability)
    ]) as learned
    union all
    select
        'share' as parameter,
        pair_class,
        session as name,
        -1 as level,
        probability,
    from next_shares

),

moved as (

    select
        next_values.parameter,
        next_values.pair_class,
        next_values.name,
        next_values.level,
        case
            when next_values.parameter = 'share' then next_values.probability
            when next_values.pair_class in ('match', 'related') and not settings.is_m_learned then previous.probability
            when next_values.pair_class in ('chance', 'related') and not settings.is_u_learned then previous.probability
            else next_values.probability
        end as probability,
        previous.probability as previous_probability,
        settings.round,
        settings.is_m_learned,
        settings.is_u_learned,
        settings.convergence_tolerance,
    from next_values
    inner join previous
        on
            next_values.parameter = previous.parameter
            and next_values.pair_class = previous.pair_class
            and next_values.name = previous.name
            and next_values.level = previous.level
    cross join settings

)
{% endmacro %}
