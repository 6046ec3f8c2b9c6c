{#- What each blocking rule brings, one row per rule: the pairs it finds, how many of them no other rule finds, and
    what its oversized keys cost. Pairs are counted by rule mask first, so no pair is joined to the rules. -#}
{% macro blocking_yield(entity, blocking_keys, blocking_key_sizes, blocks, scored_pairs, blocking_rules) %}
with

keys as (

    select * from {{ blocking_keys }}

),

key_sizes as (

    select * from {{ blocking_key_sizes }}

),

rules as (

    select * from {{ blocking_rules }}

),

keyed_records as (

    select
        rule,
        count(distinct record_key) as n_records,
    from keys
    group by rule

),

-- Keys are personal data (an address, a number): they are shown as a fingerprint.
shared_keys as (

    select
        rule,
        count(*) as n_shared_keys,
        countif(is_oversized) as n_oversized_keys,
        sum(if(is_oversized, n_pairs, 0)) as n_oversized_pairs,
        array_agg(
            struct(
                farm_fingerprint(rule || '|' || key) as key_fingerprint,
                n_records as n_records,
                is_oversized as is_oversized
            )
            order by n_records desc, key
            limit 3
        ) as largest_keys,
    from key_sizes
    group by rule

),

block_sizes as (

    select
        rule_bit,
        block_key,
        is_refined,
        count(*) as n_records,
    from {{ blocks }}
    group by rule_bit, block_key, is_refined

),

used_blocks as (

    select
        rule_bit,
        max(n_records) as largest_block_records,
        sum(if(is_refined, div(n_records * (n_records - 1), 2), 0)) as n_refined_pairs,
    from block_sizes
    group by rule_bit

),

{{ left_out_keys() }},

{{ pairs_of_rules(entity, scored_pairs) }},

yields as (

    select
        '{{ entity }}' as entity,
        rules.rule_bit,
        rules.rule,
        cast(coalesce(keyed_records.n_records, 0) as int64) as n_records,
        cast(coalesce(shared_keys.n_shared_keys, 0) as int64) as n_shared_keys,
        cast(coalesce(shared_keys.n_oversized_keys, 0) as int64) as n_oversized_keys,
        cast(coalesce(left_out_keys.n_left_out_keys, 0) as int64) as n_left_out_keys,
        cast(coalesce(left_out_keys.n_left_out_records, 0) as int64) as n_left_out_records,
        cast(
            coalesce(shared_keys.n_oversized_pairs, 0) - coalesce(used_blocks.n_refined_pairs, 0) as int64
        ) as n_lost_pairs,
        cast(coalesce(used_blocks.largest_block_records, 0) as int64) as largest_block_records,
        cast(coalesce(found_pairs.n_pairs, 0) as int64) as n_pairs,
        cast(coalesce(found_pairs.n_new_pairs, 0) as int64) as n_new_pairs,
        cast(coalesce(found_pairs.n_only_pairs, 0) as int64) as n_only_pairs,
        cast(coalesce(found_pairs.n_accepted_pairs, 0) as int64) as n_accepted_pairs,
        cast(coalesce(found_pairs.n_only_accepted_pairs, 0) as int64) as n_only_accepted_pairs,
        shared_keys.largest_keys,
    from rules
    left join keyed_records on rules.rule = keyed_records.rule
    left join shared_keys on rules.rule = shared_keys.rule
    left join left_out_keys on rules.rule = left_out_keys.rule
    left join used_blocks on rules.rule_bit = used_blocks.rule_bit
    left join found_pairs on rules.rule = found_pairs.rule

)

select * from yields
{% endmacro %}
