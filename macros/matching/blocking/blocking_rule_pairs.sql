{#- How many pairs each blocking rule makes, counted from the sizes of its blocks before any join. Records of one source
    without duplicates are not paired with each other. -#}
{% macro blocking_rule_pairs(entity, blocks, blocking_rules) %}
with

parts as (

    select
        rule_bit,
        block_key,
        exclusive_source,
        count(*) as n_records,
    from {{ blocks }}
    group by rule_bit, block_key, exclusive_source

),

sizes as (

    select
        rule_bit,
        block_key,
        sum(n_records) as n_records,
        sum(if(exclusive_source is null, 0, div(n_records * (n_records - 1), 2))) as n_excluded_pairs,
    from parts
    group by rule_bit, block_key

),

counted as (

    select
        '{{ entity }}' as entity,
        rules.rule,
        cast(sum(div(sizes.n_records * (sizes.n_records - 1), 2) - sizes.n_excluded_pairs) as int64) as n_pairs,
        cast(max(sizes.n_records) as int64) as largest_block_records,
    from sizes
    inner join {{ blocking_rules }} as rules on sizes.rule_bit = rules.rule_bit
    group by rules.rule

)

select * from counted
{% endmacro %}
