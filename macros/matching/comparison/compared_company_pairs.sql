{#- One level per pair and comparison, and the frequency of the agreed value where agreement is exact.
    `name_pairs` tells how alike two names are (company_name_pairs). -#}
{% macro compared_company_pairs(candidate_pairs, name_pairs) %}
with

candidate_pairs as (

    select * from {{ candidate_pairs }}

),

-- Read once per side: what a query reads twice by one name the local engine keeps in memory a second time.
left_features as (

    select * from {{ ref('int_company_features') }}

),

right_features as (

    select * from {{ ref('int_company_features') }}

),

name_pairs as (

    select * from {{ name_pairs }}

),

-- The bit of the rule that tells that two records share a number which no slot holds.
contact_rules as (

    select max(if(rule = 'phone', 1 << rule_bit, null)) as phone_mask
    from {{ ref('company_blocking_rules') }}

),

compared as (

    select
        pairs.record_key_l,
        pairs.record_key_r,
        pairs.rule_mask,
        pairs.is_random,
        {% for comparison in company_model() %}
            {{ comparison.level }} as {{ comparison.name }}_level,
            {%- if comparison.term_frequency %}
                {{ comparison.frequency or 'l.' ~ comparison.name ~ '_frequency' }} as {{ comparison.name }}_frequency,
            {%- endif %}
        {% endfor %}
    from candidate_pairs as pairs
    cross join contact_rules
    inner join left_features as l on pairs.record_key_l = l.record_key
    inner join right_features as r on pairs.record_key_r = r.record_key
    left join name_pairs
        on
            l.company_name = name_pairs.company_name_l
            and r.company_name = name_pairs.company_name_r

)

select * from compared
{% endmacro %}
