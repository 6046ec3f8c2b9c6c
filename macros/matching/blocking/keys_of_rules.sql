{#- The blocking keys of person_keys or company_keys, as CTEs ending in `final`: one select per rule, and of them the
    rules that have a row in the seed. Reads the CTE `features` and those that the rules name. -#}
{% macro keys_of_rules(entity) %}
keys as (
    {% for rule in entity_keys(entity) %}
        select {{ 'distinct' if rule.is_repeated }}
            record_key,
            exclusive_source,
            '{{ rule.rule }}' as rule,
            {{ rule.key.values() | join(" || '|' || ") }} as key,
            {{ rule.refinement }} as refinement,
        from {{ rule.rows or 'features' }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (

    select
        keys.record_key,
        keys.exclusive_source,
        rules.rule_bit,
        keys.rule,
        keys.key,
        keys.refinement,
    from keys
    inner join {{ ref(entity ~ '_blocking_rules') }} as rules on keys.rule = rules.rule
    where keys.key is not null

)
{% endmacro %}
