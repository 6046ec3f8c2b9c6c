{#- Match weight and probability of every compared pair. The weights of the comparisons add up to the match weight,
    so the row is its own explanation (the waterfall of the pair). All weights are in bits (log2 of odds).
    `n_record_pairs` is the number of record pairs behind it, counting copies.
    On a term-frequency level the chance of agreement (u) is that of the agreed value instead of the average value. -#}
{% macro scored_pairs(entity, comparisons, term_frequency_levels, relations, compared_pairs, parameters, features) %}
with compared_pairs as (

    select * from {{ compared_pairs }}
    -- A pair that is there by chance only is for training.
    where rule_mask != 0 or not is_random

),

parameters as (

    select * from {{ parameters }}

),

features as (

    select
        record_key,
        record_id,
        n_copies,
    from {{ features }}

),

relations as (

    select * from {{ ref('related_pairs') }}
    where entity = '{{ entity }}'

),

-- The model in one row: an array a comparison, indexed by level + 1. Level -1 (unknown) weighs nothing.
model as (

    select
        {%- for comparison in comparisons %}
            (
                select array_concat([0.0], array_agg(match_weight order by level))
                from parameters
                where comparison = '{{ comparison }}'
            ) as {{ comparison }}_weights,
        {%- endfor %}
        {%- for comparison, level in term_frequency_levels.items() %}
            (
                select max(u_probability)
                from parameters
                where comparison = '{{ comparison }}' and level = {{ level }}
            ) as {{ comparison }}_exact_u,
        {%- endfor %}
        (select max(match_weight) from parameters where comparison = 'prior') as prior_weight,
        {%- for relation, explained in relations.items() %}
            (
                select coalesce(max(match_weight), -100)
                from parameters
                where comparison = 'prior_{{ relation }}'
            ) as {{ relation }}_weight,
            {%- for comparison in explained %}
                (
                    select coalesce(max(agreement_share), 0)
                    from relations
                    where relation = '{{ relation }}' and comparison = '{{ comparison }}'
                ) as {{ relation }}_{{ comparison }}_share,
            {%- endfor %}
        {%- endfor %}

),

weighted_pairs as (

    select
        pairs.record_key_l,
        pairs.record_key_r,
        pairs.rule_mask,
        model.prior_weight as weight_prior,
        {%- for comparison in comparisons %}
            model.{{ comparison }}_weights[offset(pairs.{{ comparison }}_level + 1)]
            {%- if comparison in term_frequency_levels %}
                + if(
                    pairs.{{ comparison }}_level = {{ term_frequency_levels[comparison] }},
                    coalesce(log(model.{{ comparison }}_exact_u / pairs.{{ comparison }}_frequency, 2), 0),
                    0
                )
            {%- endif %} as weight_{{ comparison }},
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
            {%- for relation, explained in relations.items() %}
                + pow(2, model.{{ relation }}_weight)
                {%- for comparison in explained %}
                    * (
                        model.{{ relation }}_{{ comparison }}_share * pow(2, pairs.weight_{{ comparison }})
                        + 1 - model.{{ relation }}_{{ comparison }}_share
                    )
                {%- endfor %}
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
        {%- for comparison in comparisons %}
            + weight_{{ comparison }}
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
