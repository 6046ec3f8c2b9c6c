{#- What of the oversized keys no refined block holds, one row per rule, as CTEs ending in `left_out_keys`. Reads the
    CTEs `keys`, `key_sizes` and `block_sizes`; part of blocking_yield. -#}
{% macro left_out_keys() %}
-- The parts that an oversized key falls into; records without a refinement are one part.
parts as (

    select
        keys.rule_bit,
        keys.rule,
        keys.key,
        keys.refinement,
        farm_fingerprint(keys.rule || '|' || keys.key || '|' || keys.refinement) as block_key,
        count(*) as n_records,
    from keys
    inner join key_sizes on keys.rule = key_sizes.rule and keys.key = key_sizes.key
    where key_sizes.is_oversized
    group by keys.rule_bit, keys.rule, keys.key, keys.refinement

),

-- A single record with a refinement of its own is separated from the others, not left out.
left_out_keys as (

    select
        parts.rule,
        count(distinct parts.key) as n_left_out_keys,
        sum(parts.n_records) as n_left_out_records,
    from parts
    left join block_sizes
        on
            parts.rule_bit = block_sizes.rule_bit
            and parts.block_key = block_sizes.block_key
            and block_sizes.is_refined
    where
        block_sizes.block_key is null
        and (parts.refinement is null or parts.n_records > 1)
    group by parts.rule

)
{% endmacro %}
