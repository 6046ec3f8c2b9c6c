{#- One select per rule of person_keys or company_keys, joined by `union all`: record, rule, key and refinement. -#}
{% macro keys_of_rules(rules) %}
{% for rule in rules %}
    select {{ 'distinct' if rule.is_repeated }}
        record_key,
        '{{ rule.rule }}' as rule,
        {{ rule.key.values() | join(" || '|' || ") }} as key,
        {{ rule.refinement }} as refinement,
    from {{ rule.rows }}
    {% if not loop.last %}union all{% endif %}
{% endfor %}
{% endmacro %}
