{#- Subquery: each distinct record that has copies, paired with itself; same columns as candidate_pairs. All rules
    that give it a key would have found its copies.
    The weight of that pair tells whether the copies are one entity: two records "John Smith" and nothing else need
    not be. In training it stands for one pair, however many copies there are. -#}
{% macro copied_records(features, blocking_keys) -%}
    (
        select
            features.record_key as record_key_l,
            features.record_key as record_key_r,
            coalesce(bit_or(1 << blocking_keys.rule_bit), 0) as rule_mask,
            false as is_random,
        from {{ features }} as features
        left join {{ blocking_keys }} as blocking_keys on features.record_key = blocking_keys.record_key
        where features.n_copies > 1
        group by features.record_key
    )
{%- endmacro %}
