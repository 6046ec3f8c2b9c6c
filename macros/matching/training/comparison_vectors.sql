{#- One row per distinct vector of comparison levels: EM works on these few thousand rows instead of on all pairs.
    Blocked pairs are thinned by a hash when there are more than training needs; the counts are scaled back up. A
    record that has copies counts as one blocked pair: that matches agree in everything is learned from it. -#}
{% macro comparison_vectors(entity, model, compared_pairs, compared_copies, blocking_rules) %}
with

compared_pairs as (

    select
        *,
        record_key_l ^ record_key_r as sample_hash,
    from {{ compared_pairs }}
    union all
    select
        *,
        record_key_l as sample_hash,
    from {{ compared_copies }}

),

training_rules as (

    select cast(coalesce(sum(1 << rule_bit), 0) as int64) as rule_mask
    from {{ blocking_rules }}
    where is_training_session

),

thinning as (

    select
        any_value(settings.max_training_pairs) as max_training_pairs,
        greatest(
            1.0, countif(compared_pairs.rule_mask != 0) / any_value(settings.max_training_pairs)
        ) as pairs_per_sampled_pair,
    from compared_pairs
    cross join {{ ref('training_settings') }} as settings
    where settings.entity = '{{ entity }}'

),

training_pairs as (

    select
        compared_pairs.*,
        compared_pairs.rule_mask & training_rules.rule_mask as session_mask,
        compared_pairs.rule_mask != 0
        and mod(abs(compared_pairs.sample_hash), 1000000)
        < 1000000 / thinning.pairs_per_sampled_pair as is_sampled,
        thinning.pairs_per_sampled_pair,
    from compared_pairs
    cross join training_rules
    cross join thinning

),

vectors as (

    select
        session_mask,
        {%- for comparison in model %}
            {{ comparison.name }}_level,
        {%- endfor %}
        countif(is_sampled) * any_value(pairs_per_sampled_pair) as n_blocked_pairs,
        cast(countif(is_random) as float64) as n_random_pairs,
    from training_pairs
    where is_sampled or is_random
    group by
        session_mask,
        {%- for comparison in model %}
            {{ comparison.name }}_level{{ ',' if not loop.last }}
        {%- endfor %}

),

numbered as (

    select
        row_number() over (
            order by
                session_mask,
                {%- for comparison in model %}
                    {{ comparison.name }}_level{{ ',' if not loop.last }}
                {%- endfor %}
        ) as vector_id,
        *,
    from vectors

)

select * from numbered
{% endmacro %}
