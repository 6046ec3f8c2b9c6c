{#- Rules of the seed whose `uses_comparisons` are not those of their key in person_keys or company_keys, or that have
    no key there. A training session leaves out the comparisons that its rule blocks on: one that is missing would be
    learned from itself, and a misspelt one is none. -#}
{% test blocking_rules_say_what_they_use(model, entity) %}

{{ config(tags=['development']) }}

with

rules as (

    select * from {{ model }}

),

comparisons as (
    {% for comparison in entity_model(entity) %}
        select '{{ comparison.name }}' as comparison
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

keys as (
    {% for rule in entity_keys(entity) %}
        {% set rule_loop = loop %}
        {% for comparison in rule.key %}
            select
                '{{ rule.rule }}' as rule,
                '{{ comparison }}' as comparison,
            {% if not (rule_loop.last and loop.last) %}union all{% endif %}
        {% endfor %}
    {% endfor %}
),

stated as (

    select
        rules.rule,
        comparison,
    from rules, unnest(split(rules.uses_comparisons, '|')) as comparison

),

used as (

    select keys.*
    from keys
    inner join rules on keys.rule = rules.rule

)

select
    coalesce(stated.rule, used.rule) as rule,
    coalesce(stated.comparison, used.comparison) as comparison,
    case
        when used.comparison is null then 'the key does not use it'
        when stated.comparison is null then 'the key uses it and the seed does not say so'
        else 'the model has no such comparison'
    end as problem,
from stated
full outer join used on stated.rule = used.rule and stated.comparison = used.comparison
left join comparisons on coalesce(stated.comparison, used.comparison) = comparisons.comparison
where stated.comparison is null or used.comparison is null or comparisons.comparison is null

{% endtest %}
