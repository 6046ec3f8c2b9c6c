{#- One round of expectation maximisation for the Fellegi-Sunter model (Winkler 1988, "Using the EM algorithm for
    weight computation in the Fellegi-Sunter model of record linkage"), on counts of comparison vectors.
    All sessions share the m-probabilities and each has its own shares of matches and of related pairs (colleagues,
    households): a session that holds almost only matches, or none, cannot bend the model as it could alone, and people
    who share a switchboard do not pass for matches. Random pairs give u. Counts are shrunk towards the default
    parameters, so that 150 records do not learn noise.
    What chance does comes first: m keeps its default for `default_m_rounds`, and after `chance_rounds` u is held,
    and so is how related pairs agree. From there on each round is a step of EM on one likelihood, which cannot fall
    (Dempster, Laird and Rubin 1977). In a file
    of one town, default odds of the city would otherwise make every pair a match, and the names would learn from that.
    `round` rows keep how well each round fitted and how far it moved. -#}
{% macro em_round(entity, initial, evidence, posteriors, records) %}
with

all_previous as (

    select * from {{ initial }}

),

previous as (

    select * from all_previous
    where parameter != 'round'

),

evidence as (

    select * from {{ evidence }}

),

{{ em_settings(entity, records) }},

defaults as (

    select * from {{ ref('default_match_parameters') }}
    where entity = '{{ entity }}'

),

posteriors as (

    select * from {{ posteriors }}

),

{{ em_shares_before() }},

{{ em_maximisation() }},

{{ em_shares(records) }},

{{ em_likelihood() }},

{{ em_next_values() }},

next_state as (

    select
        parameter,
        pair_class,
        name,
        level,
        probability,
        cast(null as float64) as log_likelihood,
        cast(null as float64) as largest_change,
        abs(probability - previous_probability) as change,
        not is_m_learned
        -- While u is learned, m follows it. Without any evidence both stand still, to the last digit.
        or (is_u_learned and probability != previous_probability)
        or abs(probability - previous_probability) >= convergence_tolerance as is_moving,
        round,
    from moved
    union all
    select
        parameter,
        pair_class,
        name,
        level,
        probability,
        log_likelihood,
        largest_change,
        cast(null as float64) as change,
        false as is_moving,
        cast(null as int64) as round,
    from all_previous
    where parameter = 'round'
    union all
    select
        'round' as parameter,
        if(settings.is_u_learned, 'chance', 'match') as pair_class,
        'all sessions' as name,
        settings.round as level,
        cast(null as float64) as probability,
        fit.log_likelihood,
        cast(null as float64) as largest_change,
        cast(null as float64) as change,
        false as is_moving,
        settings.round,
    from settings
    cross join fit

),

-- Over all rows, so that nothing is found out twice.
final as (

    select
        parameter,
        pair_class,
        name,
        level,
        probability,
        log_likelihood,
        if(parameter = 'round' and round is not null, max(change) over (), largest_change) as largest_change,
        max(round) over () as round,
        max(if(is_moving, 1, 0)) over () = 0 as is_converged,
    from next_state

)

select * from final
{% endmacro %}
