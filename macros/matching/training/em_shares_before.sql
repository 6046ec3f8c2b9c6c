{#- The shares of pair classes in each session before the round, as the CTE `shares`. Reads the CTE `previous`; part of
    em_posteriors and em_round. -#}
{% macro em_shares_before() %}
shares as (

    select
        name as session,
        pair_class,
        probability,
        1 - {{ exact_sum('probability', 12, 'over (partition by name)') }} as chance_probability,
    from previous
    where parameter = 'share'

)
{% endmacro %}
