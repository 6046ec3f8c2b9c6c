{#- Match weight and probability of every compared pair. The weights of the comparisons add up to the match weight,
    so the row is its own explanation (the waterfall of the pair). All weights are in bits (log2 of odds).
    `n_record_pairs` is the number of record pairs behind it, counting copies. With `with_hash`, the hash of what the
    pairs were compared from stays beside the weights.
    On the highest level of a comparison with term frequency, which is exact agreement, the chance of agreement (u)
    is that of the agreed value instead of the average value (comparison_weight). -#}
{% macro scored_pairs(entity, compared_pairs, with_levels=false, with_hash=false) %}
{%- set model = entity_model(entity) -%}
{%- set explained_by_relation = model_relations(model) -%}
with

compared_pairs as (

    select * from {{ compared_pairs }}
    -- A pair that is there by chance only is for training.
    where rule_mask != 0 or not is_random

),

parameters as (

    select * from {{ ref(entity ~ '_match_parameters') }}

),

features as (

    select
        record_key,
        record_id,
        n_copies,
    from {{ ref('int_' ~ entity ~ '_features') }}

),

relations as (

    select * from {{ ref('int_relations') }}
    where entity = '{{ entity }}'

),

{{ weights_in_one_row(model) }},

weighted_pairs as (

    select
        pairs.record_key_l,
        pairs.record_key_r,
        pairs.rule_mask,
        {%- if with_hash %}
            pairs.pair_hash,
        {%- endif %}
        {%- if with_levels %}
            {%- for comparison in model %}
                pairs.{{ comparison.name }}_level,
            {%- endfor %}
        {%- endif %}
        model.prior_weight as weight_prior,
        {%- for comparison in model %}
            {{ comparison_weight(comparison) }} as weight_{{ comparison.name }},
        {%- endfor %}
    from compared_pairs as pairs
    cross join model

),

-- How much better a relation (a household, an employer) explains the agreement than chance does. What is explained
-- that way is no evidence of a match, so it is taken off again.
related_pairs as (

    select
        pairs.*,
        -log(
            1
            {%- for relation, explained in explained_by_relation.items() %}
                + {{ relation_odds(relation, model | selectattr('name', 'in', explained) | list) }}
            {%- endfor %},
            2
        ) as weight_related,
    from weighted_pairs as pairs
    cross join model

),

summed_pairs as (

    select
        *,
        weight_prior
        + weight_related
        {%- for comparison in model %}
            + weight_{{ comparison.name }}
        {%- endfor %} as match_weight,
    from related_pairs

),

scored as (

    select
        least(l.record_id, r.record_id) as record_id_l,
        greatest(l.record_id, r.record_id) as record_id_r,
        summed_pairs.match_weight,
        1 / (1 + pow(2, -summed_pairs.match_weight)) as match_probability,
        summed_pairs.* except (match_weight),
        if(
            l.record_key = r.record_key,
            div(l.n_copies * (l.n_copies - 1), 2),
            l.n_copies * r.n_copies
        ) as n_record_pairs,
    from summed_pairs
    inner join features as l on summed_pairs.record_key_l = l.record_key
    inner join features as r on summed_pairs.record_key_r = r.record_key

)

select * from scored
{% endmacro %}
