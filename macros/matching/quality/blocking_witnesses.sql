{#- One row per combination of blocking rules that found pairs together, with its number of witnesses: how many
    comparisons would have to disagree for all of its rules to miss the pair. Rules that use the same comparison are
    one witness: who shares name and postcode also shares name and postcode area. Three stands for three or more. A
    pair that only the clustering asked for has none. -#}
{% macro blocking_witnesses(scored_pairs, blocking_rules) %}
with

scored_pairs as (

    select * from {{ scored_pairs }}

),

rule_comparisons as (

    select
        rules.rule_bit,
        comparison,
        dense_rank() over (order by comparison) - 1 as comparison_bit,
    from {{ blocking_rules }} as rules, unnest(split(rules.uses_comparisons, '|')) as comparison

),

rules as (

    select
        rule_bit,
        bit_or(1 << comparison_bit) as comparison_mask,
    from rule_comparisons
    group by rule_bit

),

comparison_bits as (

    select distinct comparison_bit from rule_comparisons

),

failures as (

    select
        (1 << l.comparison_bit) | (1 << r.comparison_bit) as failed_mask,
        if(l.comparison_bit = r.comparison_bit, 1, 2) as n_failed,
    from comparison_bits as l
    inner join comparison_bits as r on l.comparison_bit <= r.comparison_bit

),

rule_combinations as (

    select
        rule_mask,
        count(*) as n_pairs,
        {{ exact_sum('match_probability') }} as expected_matches,
    from scored_pairs
    group by rule_mask

),

rules_of_combinations as (

    select distinct
        rule_combinations.rule_mask,
        rules.comparison_mask,
    from rule_combinations
    inner join rules on rule_combinations.rule_mask & (1 << rules.rule_bit) != 0

),

fatal_failures as (

    select
        rules_of_combinations.rule_mask,
        failures.failed_mask,
        any_value(failures.n_failed) as n_failed,
    from rules_of_combinations
    cross join failures
    group by rules_of_combinations.rule_mask, failures.failed_mask
    having logical_and(rules_of_combinations.comparison_mask & failures.failed_mask != 0)

),

witnesses as (

    select
        rule_mask,
        min(n_failed) as n_witnesses,
    from fatal_failures
    group by rule_mask

),

final as (

    select
        rule_combinations.rule_mask,
        rule_combinations.n_pairs,
        rule_combinations.expected_matches,
        if(rule_combinations.rule_mask = 0, 0, coalesce(witnesses.n_witnesses, 3)) as n_witnesses,
    from rule_combinations
    left join witnesses on rule_combinations.rule_mask = witnesses.rule_mask

)

select * from final
{% endmacro %}
