{#- The parameters of the version that CONCORD_MODEL names, as match_parameters would have trained them.
    A version knows the levels and the thresholds that it was trained with. Where the seeds have others by now, no
    default stands in: the statement fails, and says what to do. -#}
{% macro stored_parameters(entity, models) %}
{%- set what_to_do = ': train another version with concord train, look at it with concord compare, and promote it.' %}
with

stored as (

    select * from {{ models }}
    where model_version = '{{ used_model_version() }}' and entity = '{{ entity }}'

),

parameters as (

    select
        parameter.comparison,
        parameter.level,
        parameter.label,
        parameter.m_probability,
        parameter.u_probability,
        parameter.match_weight,
        parameter.n_rounds,
    from stored
    cross join unnest(stored.parameters) as parameter

),

defaults as (

    select
        comparison,
        level,
    from {{ ref('default_match_parameters') }}
    where entity = '{{ entity }}'

),

thresholds as (

    select * from {{ ref('match_thresholds') }}
    where entity = '{{ entity }}'

),

unknown_levels as (

    select
        coalesce(defaults.comparison, parameters.comparison)
        || ' ' || cast(coalesce(defaults.level, parameters.level) as string) as name,
    from defaults
    full outer join parameters
        on defaults.comparison = parameters.comparison and defaults.level = parameters.level
    where
        defaults.comparison is null and not starts_with(parameters.comparison, 'prior')
        or parameters.comparison is null

),

problems as (

    select
        'Concord refuses: the {{ entity }} model {{ used_model_version() }} was trained with other levels ('
        || string_agg(name, ', ' order by name)
        || '){{ what_to_do }}' as problem,
    from unknown_levels
    having count(*) > 0
    union all
    select
        'Concord refuses: the {{ entity }} model {{ used_model_version() }} was trained with other thresholds'
        || ' than match_thresholds has now{{ what_to_do }}' as problem,
    from stored
    cross join thresholds
    where
        stored.accept_weight != thresholds.accept_weight
        or stored.review_weight != thresholds.review_weight
        or stored.lowest_pair_weight != thresholds.lowest_pair_weight

),

verdict as (

    select min(problem) as problem from problems

),

final as (

    select
        if(verdict.problem is null, parameters.comparison, error(verdict.problem)) as comparison,
        parameters.level,
        parameters.label,
        parameters.m_probability,
        parameters.u_probability,
        parameters.match_weight,
        parameters.n_rounds,
    from parameters
    cross join verdict

)

select * from final
{% endmacro %}
