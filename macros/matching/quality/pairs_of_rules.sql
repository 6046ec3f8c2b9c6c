{#- The pairs that each rule finds, that it finds first, and that only it finds, as CTEs ending in `found_pairs`.
    Reads the CTE `rules`; part of blocking_yield. -#}
{% macro pairs_of_rules(entity, scored_pairs) %}
mask_counts as (

    select
        scored_pairs.rule_mask,
        count(*) as n_pairs,
        countif(scored_pairs.match_weight > thresholds.accept_weight) as n_accepted_pairs,
    from {{ scored_pairs }} as scored_pairs
    cross join {{ ref('match_thresholds') }} as thresholds
    where thresholds.entity = '{{ entity }}'
    group by scored_pairs.rule_mask

),

found_pairs as (

    select
        rules.rule,
        sum(mask_counts.n_pairs) as n_pairs,
        sum(if(mask_counts.rule_mask & ((1 << rules.rule_bit) - 1) = 0, mask_counts.n_pairs, 0)) as n_new_pairs,
        sum(if(mask_counts.rule_mask = 1 << rules.rule_bit, mask_counts.n_pairs, 0)) as n_only_pairs,
        sum(mask_counts.n_accepted_pairs) as n_accepted_pairs,
        sum(if(mask_counts.rule_mask = 1 << rules.rule_bit, mask_counts.n_accepted_pairs, 0))
            as n_only_accepted_pairs,
    from mask_counts
    inner join rules on mask_counts.rule_mask & (1 << rules.rule_bit) != 0
    group by rules.rule

)
{% endmacro %}
