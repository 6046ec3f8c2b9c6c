{#- Joining features, names and parameters to the pairs neither loses a pair nor repeats one. The model is that of the
    candidate pairs. -#}
{% test pairs_do_not_fan_out(model, entity) %}

{{ config(tags=['development']) }}

with

candidate_pairs as (

    select count(*) as n_pairs from {{ model }}

),

compared_pairs as (

    select
        count(*) as n_pairs,
        countif(rule_mask != 0) as n_blocked_pairs,
    from {{ ref('int_' ~ entity ~ '_compared_pairs') }}

),

scored_blocked_pairs as (

    select count(*) as n_pairs from {{ ref('int_' ~ entity ~ '_scored_blocked_pairs') }}

),

bridged_pairs as (

    select count(*) as n_pairs from {{ ref('int_' ~ entity ~ '_bridged_pairs') }}

),

scored_bridged_pairs as (

    select count(*) as n_pairs from {{ ref('int_' ~ entity ~ '_scored_bridged_pairs') }}

),

steps as (

    select
        'compared' as step,
        candidate_pairs.n_pairs as n_expected,
        compared_pairs.n_pairs as n_found,
    from candidate_pairs
    cross join compared_pairs
    union all
    select
        'scored, blocked' as step,
        compared_pairs.n_blocked_pairs as n_expected,
        scored_blocked_pairs.n_pairs as n_found,
    from compared_pairs
    cross join scored_blocked_pairs
    union all
    select
        'scored, bridged' as step,
        bridged_pairs.n_pairs as n_expected,
        scored_bridged_pairs.n_pairs as n_found,
    from bridged_pairs
    cross join scored_bridged_pairs

)

select *
from steps
where n_expected != n_found

{% endtest %}
