{#- One round of expectation maximisation for the Fellegi-Sunter model (Winkler 1988, "Using the EM algorithm for weight
    computation in the Fellegi-Sunter model of record linkage"), on counts of comparison vectors.
    All sessions share the m-probabilities and each has its own shares of matches and of related pairs (colleagues,
    households): a session that holds almost only matches, or none, cannot bend the model as it could alone, and people
    who share a switchboard do not pass for matches. Random pairs give u. Counts are shrunk towards the default
    parameters, so that 150 records do not learn noise. -#}
{% macro em_round(entity, initial, evidence, records) %}
with previous as (

    select * from {{ initial }}

),

evidence as (

    select * from {{ evidence }}

),

record_count as (

    select count(*) as n_records from {{ records }}

),

-- An e-mail address is shared by chance the more rarely, the more there are; no sample shows that.
settings as (

    select
        settings.*,
        least(1.0, settings.u_pseudo_records / greatest(record_count.n_records, 1)) as default_u_weight,
    from {{ ref('training_settings') }} as settings
    cross join record_count
    where settings.entity = '{{ entity }}'

),

defaults as (

    select * from {{ ref('default_match_parameters') }}
    where entity = '{{ entity }}'

),

relations as (

    select * from {{ ref('related_pairs') }}
    where entity = '{{ entity }}'

),

{{ em_expectation() }},

{{ em_maximisation() }},

{{ em_shares(records) }},

next_values as (

    select
        'level' as parameter,
        'match' as pair_class,
        comparison as name,
        level,
        m_probability as probability,
    from shrunk
    union all
    select
        'level' as parameter,
        'chance' as pair_class,
        comparison as name,
        level,
        u_probability as probability,
    from shrunk
    union all
    select
        'share' as parameter,
        pair_class,
        session as name,
        -1 as level,
        probability,
    from next_shares

)

select
    next_values.parameter,
    next_values.pair_class,
    next_values.name,
    next_values.level,
    next_values.probability,
    previous.round + 1 as round,
    max(abs(next_values.probability - previous.probability)) over () < settings.convergence_tolerance as is_converged,
from next_values
inner join previous
    on
        next_values.parameter = previous.parameter
        and next_values.pair_class = previous.pair_class
        and next_values.name = previous.name
        and next_values.level = previous.level
cross join settings
{% endmacro %}
