{#- One level per pair and comparison, and the frequency of the agreed value where agreement is exact.
    `name_pairs` tells how alike two names are (company_name_pairs). -#}
{% macro compared_company_pairs(candidate_pairs, name_pairs) %}
{%- set identifiers = company_model() | selectattr('name', 'eq', 'identifier') | first -%}
with candidate_pairs as (

    select * from {{ candidate_pairs }}

),

features as (

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

        {{ compare_company_name('l', 'r', 'name_pairs') }} as company_name_level,
        {{ compare_domain('l', 'r') }} as domain_level,
        {{ compare_phone('l', 'r', 'pairs.rule_mask & contact_rules.phone_mask != 0') }} as phone_level,
        {{ compare_identifier('l', 'r', identifiers.slots) }} as identifier_level,
        {{ compare_business_street('l', 'r') }} as street_level,
        {{ compare_postcode('l', 'r') }} as postcode_level,
        {{ compare_city('l', 'r') }} as city_level,

        l.company_name_frequency,
        l.postcode_frequency,
        l.city_frequency,
    from candidate_pairs as pairs
    cross join contact_rules
    inner join features as l on pairs.record_key_l = l.record_key
    inner join features as r on pairs.record_key_r = r.record_key
    left join name_pairs
        on
            l.company_name = name_pairs.company_name_l
            and r.company_name = name_pairs.company_name_r

)

select * from compared
{% endmacro %}
