{#- Statement, one row per rule and blocking key of the two records: who has it, how many share it, and whether it
    brought them together. A key that too many share counts with its refinement. -#}
{% macro pair_keys(entity) %}
with

{{ asked_pair(entity) }},

keys as (

    select
        sides.side,
        keys.rule,
        keys.key,
        keys.refinement,
        farm_fingerprint(
            keys.rule || '|' || if(sizes.is_oversized, keys.key || '|' || keys.refinement, keys.key)
        ) as block_key,
        sizes.n_records,
        sizes.is_oversized,
        keys.record_key,
    from sides
    inner join {{ ref('int_' ~ entity ~ '_blocking_keys') }} as keys on sides.record_key = keys.record_key
    left join {{ ref('int_' ~ entity ~ '_blocking_key_sizes') }} as sizes
        on keys.rule = sizes.rule and keys.key = sizes.key

),

final as (

    select
        keys.rule,
        keys.key,
        logical_or(keys.side = 'left') as has_left,
        logical_or(keys.side = 'right') as has_right,
        string_agg(distinct if(keys.side = 'left', keys.refinement, null)) as left_refinement,
        string_agg(distinct if(keys.side = 'right', keys.refinement, null)) as right_refinement,
        coalesce(max(keys.n_records), 1) as n_records,
        max(rules.max_records) as max_records,
        coalesce(logical_or(keys.is_oversized), false) as is_oversized,
        count(distinct if(blocks.record_key is not null, keys.side, null)) = 2
        and count(distinct keys.block_key) = 1 as is_shared_block,
    from keys
    inner join {{ ref(entity ~ '_blocking_rules') }} as rules on keys.rule = rules.rule
    left join {{ ref('int_' ~ entity ~ '_blocks') }} as blocks
        on keys.record_key = blocks.record_key and keys.block_key = blocks.block_key
    group by keys.rule, keys.key

)

select * from final
{% endmacro %}
