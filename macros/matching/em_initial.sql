{#- Round 0 of expectation maximisation: the default m- and u-probabilities and a cautious share of matches. -#}
{% macro em_initial(entity, records, evidence) %}
with defaults as (

    select * from {{ ref('default_match_parameters') }}
    where entity = '{{ entity }}'

),

sessions as (

    select distinct session from {{ evidence }}

),

record_count as (

    select count(*) as n_records from {{ records }}

),

initial_state as (

    select
        'm' as parameter,
        comparison as name,
        level,
        m_probability as probability,
    from defaults
    union all
    select
        'u' as parameter,
        comparison as name,
        level,
        u_probability as probability,
    from defaults
    union all
    select
        'match_share' as parameter,
        sessions.session as name,
        -1 as level,
        if(
            sessions.session in ('all_pairs', 'random_pairs'),
            least(0.1, 1 / greatest(record_count.n_records, 1)),
            0.5
        ) as probability,
    from sessions
    cross join record_count

)

select
    parameter,
    name,
    level,
    probability,
    0 as round,
    false as is_converged,
from initial_state
{% endmacro %}
