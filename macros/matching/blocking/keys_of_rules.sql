{#- The blocking keys of person_keys or company_keys, as CTEs ending in `final`: what each rule makes of a row, and of
    the rules those that have a row in the seed. Rules that read the same rows read them together. Reads the CTE
    `features` and those that the rules name. -#}
{% macro keys_of_rules(entity) %}
{%- set rules_of_rows = {} %}
{%- for rule in entity_keys(entity) %}
    {%- do rules_of_rows.setdefault((rule.rows or 'features', rule.is_repeated or false), []).append(rule) %}
{%- endfor %}
keys as (
    {% for (rows, is_repeated), rules in rules_of_rows.items() %}
        select {{ 'distinct' if is_repeated }}
            {{ rows }}.record_key,
            {{ rows }}.exclusive_source,
            made.rule,
            made.key,
            made.refinement,
        from {{ rows }}
        cross join unnest([
            {%- for rule in rules %}
                struct(
                    '{{ rule.rule }}' as rule,
                    {{ rule.key.values() | join(" || '|' || ") }} as key,
                    {{ rule.refinement }} as refinement
                ){{ ',' if not loop.last }}
            {%- endfor %}
        ]) as made
        where made.key is not null
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

)
{% endmacro %}
