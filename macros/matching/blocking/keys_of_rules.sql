{#- The blocking keys of person_keys or company_keys, as CTEs ending in `final`: what each rule makes of a row, and of
    the rules those that have a row in the seed. Rules that read the same rows read them together. Reads the CTE
    `features` and those that the rules name. -#}
{% macro keys_of_rules(entity) %}
{%- set rules_of_rows = {} %}
{%- for rule in entity_keys(entity) %}
    {%- do rules_of_rows.setdefault((rule.rows or 'features', rule.is_repeated or false), []).append(rule) %}
{%- endfor %}
rules as (

    select * from {{ ref(entity ~ '_blocking_rules') }}

),

-- A row beside each rule: an array of what all rules make of a row would be written down before it is taken apart.
keys as (
    {% for (rows, is_repeated), these_rules in rules_of_rows.items() %}
        select {{ 'distinct' if is_repeated }}
            {{ rows }}.record_key,
            {{ rows }}.exclusive_source,
            rules.rule_bit,
            rules.rule,
            case rules.rule
                {%- for rule in these_rules %}
                    when '{{ rule.rule }}' then {{ rule.key.values() | join(" || '|' || ") }}
                {%- endfor %}
            end as key,
            case rules.rule
                {%- for rule in these_rules %}
                    when '{{ rule.rule }}' then {{ rule.refinement }}
                {%- endfor %}
            end as refinement,
        from {{ rows }}
        cross join rules
        where rules.rule in ('{{ these_rules | map(attribute='rule') | join("', '") }}')
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

final as (

    select
        record_key,
        exclusive_source,
        rule_bit,
        rule,
        key,
        refinement,
    from keys
    where key is not null

)
{% endmacro %}
