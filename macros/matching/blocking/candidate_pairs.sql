{#- The pairs that are compared: every pair of a block once, with the rules that found it, and where a model is trained
    a random sample of all pairs (no rule) that shows how often records of different people agree by chance. -#}
{% macro candidate_pairs(blocks, random_pairs=none) %}
with

blocks as (

    select * from {{ blocks }}

),

{% if random_pairs is not none -%}
    random_pairs as (

        select * from {{ random_pairs }}

    ),
{%- endif %}

found_pairs as (

    select
        l.record_key as record_key_l,
        r.record_key as record_key_r,
        1 << l.rule_bit as rule_mask,
        false as is_random,
    from blocks as l
    inner join blocks as r
        on
            l.block_key = r.block_key
            and l.record_key < r.record_key
    -- Two records of a source without duplicates are never the same person.
    where coalesce(l.exclusive_source != r.exclusive_source, true)
    {%- if random_pairs is not none %}
        union all
        select
            record_key_l,
            record_key_r,
            0 as rule_mask,
            true as is_random,
        from random_pairs
    {%- endif %}

),

distinct_pairs as (

    select
        record_key_l,
        record_key_r,
        bit_or(rule_mask) as rule_mask,
        logical_or(is_random) as is_random,
    from found_pairs
    group by record_key_l, record_key_r

)

select * from distinct_pairs
{% endmacro %}
