{#- The blocks that are joined: a record, a rule and the (possibly refined) key. Blocks of one record are left out. -#}
{% macro blocks(blocking_keys, blocking_key_sizes, blocking_rules) %}
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

refined_keys as (

    select
        keys.record_key,
        keys.exclusive_source,
        keys.rule_bit,
        keys.rule,
        if(key_sizes.is_oversized, keys.key || '|' || keys.refinement, keys.key) as block,
        key_sizes.is_oversized as is_refined,
    from keys
    inner join key_sizes on keys.rule = key_sizes.rule and keys.key = key_sizes.key

),

block_sizes as (

    select
        rule,
        block,
        is_refined,
        count(*) as n_records,
    from refined_keys
    where block is not null
    group by rule, block, is_refined
    having count(*) > 1

),

usable_blocks as (

    select
        block_sizes.rule,
        block_sizes.block,
        block_sizes.is_refined,
        farm_fingerprint(block_sizes.rule || '|' || block_sizes.block) as block_key,
    from block_sizes
    inner join rules on block_sizes.rule = rules.rule
    where block_sizes.n_records <= rules.max_records

),

blocks as (

    select
        refined_keys.record_key,
        refined_keys.exclusive_source,
        refined_keys.rule_bit,
        usable_blocks.block_key,
        refined_keys.is_refined,
    from refined_keys
    inner join usable_blocks
        on
            refined_keys.rule = usable_blocks.rule
            and refined_keys.block = usable_blocks.block
            and refined_keys.is_refined = usable_blocks.is_refined

)

select * from blocks
{% endmacro %}
