-- Values that would not fail but bend every weight: a probability of 0 or 1 has no logarithm, a mask has 63 bits.
with

default_parameters as (

    select * from {{ ref('default_match_parameters') }}

),

thresholds as (

    select * from {{ ref('match_thresholds') }}

),

settings as (

    select * from {{ ref('training_settings') }}

),

relations as (

    select * from {{ ref('int_relations') }}

),

blocking_rules as (

    select
        'person' as entity,
        *,
    from {{ ref('person_blocking_rules') }}
    union all
    select
        'company' as entity,
        *,
    from {{ ref('company_blocking_rules') }}

),

problems as (

    select
        'default_match_parameters' as seed,
        entity || ' ' || comparison || ' ' || label as row_name,
        'a probability is not between 0 and 1' as problem,
    from default_parameters
    where
        m_probability <= 0
        or m_probability >= 1
        or u_probability <= 0
        or u_probability >= 1
    union all
    select
        'default_match_parameters' as seed,
        entity || ' ' || comparison as row_name,
        'the probabilities do not sum to 1' as problem,
    from default_parameters
    group by entity, comparison
    having not coalesce(abs(sum(m_probability) - 1) <= 1e-6 and abs(sum(u_probability) - 1) <= 1e-6, false)
    union all
    select
        'match_thresholds' as seed,
        entity as row_name,
        'pairs below the review weight cannot be accepted' as problem,
    from thresholds
    where review_weight > accept_weight
    union all
    select
        'match_thresholds' as seed,
        entity as row_name,
        'the lowest weight of a pair must count against a merge' as problem,
    from thresholds
    where lowest_pair_weight >= accept_weight
    union all
    select
        'training_settings' as seed,
        entity as row_name,
        'a setting is out of range' as problem,
    from settings
    where
        random_pairs <= 0
        or max_training_pairs <= 0
        or m_pseudo_pairs <= 0
        or u_pseudo_pairs <= 0
        or u_pseudo_share < 0
        or u_pseudo_records <= 0
        or frequency_pseudo_records < 0
        or convergence_tolerance <= 0
        or default_m_rounds < 0
    union all
    select
        'training_settings' as seed,
        entity as row_name,
        'training could end before m is learned: u is held while m still keeps its default' as problem,
    from settings
    where chance_rounds < default_m_rounds
    union all
    select
        'person_model and company_model' as seed,
        entity || ' ' || relation || ' ' || comparison as row_name,
        'the share is not between 0 and 1' as problem,
    from relations
    where agreement_share <= 0 or agreement_share >= 1
    union all
    select
        'blocking rules' as seed,
        entity || ' ' || rule as row_name,
        'the bit or the largest block is out of range' as problem,
    from blocking_rules
    where
        rule_bit < 0
        or rule_bit > 62
        or max_records < 2

)

select * from problems
