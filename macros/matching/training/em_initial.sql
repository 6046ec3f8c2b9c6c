{#- Round 0 of expectation maximisation: the default m- and u-probabilities (`level` rows, of the pair classes match
    and chance; related pairs agree as matches do) and cautious shares of matching and related pairs in each session
    (`share` rows). -#}
{% macro em_initial(entity, records, evidence) %}
{%- set constants = training_constants() %}
with

defaults as (

    select * from {{ ref('default_match_parameters') }}
    where entity = '{{ entity }}'

),

pair_classes as (

    select
        'match' as pair_class,
        {{ constants.initial_match_share }} as share,
    union all
    select distinct
        relation as pair_class,
        {{ constants.initial_related_share }} as share,
    from {{ ref('int_relations') }}
    where entity = '{{ entity }}'

),

sessions as (

    select session from {{ evidence }}
    union distinct
    select 'all_pairs' as session
    union distinct
    select 'random_pairs' as session

),

record_count as (

    select count(*) as n_records from {{ records }}

),

initial_state as (

    select
        'level' as parameter,
        'match' as pair_class,
        comparison as name,
        level,
        m_probability as probability,
    from defaults
    union all
    select
        'level' as parameter,
        'related' as pair_class,
        comparison as name,
        level,
        m_probability as probability,
    from defaults
    union all
    select
        'level' as parameter,
        'chance' as pair_class,
        comparison as name,
        level,
        u_probability as probability,
    from defaults
    union all
    select
        'share' as parameter,
        pair_classes.pair_class,
        sessions.session as name,
        -1 as level,
        if(
            sessions.session in ('all_pairs', 'random_pairs', 'lone_pairs'),
            least({{ constants.largest_initial_share }}, 1 / greatest(record_count.n_records, 1)),
            pair_classes.share
        ) as probability,
    from sessions
    cross join pair_classes
    cross join record_count

),

final as (

    select
        parameter,
        pair_class,
        name,
        level,
        probability,
        cast(null as float64) as log_likelihood,
        cast(null as float64) as largest_change,
        0 as round,
        false as is_converged,
    from initial_state

)

select * from final
{% endmacro %}
