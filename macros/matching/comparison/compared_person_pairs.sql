{#- One level per pair and comparison, and the frequency of the agreed value where agreement is exact
    (of the more common of both where it is not). -#}
{% macro compared_person_pairs(candidate_pairs) %}
{%- set identifiers = person_model() | selectattr('name', 'eq', 'identifier') | first -%}
with candidate_pairs as (

    select * from {{ candidate_pairs }}

),

features as (

    select * from {{ ref('int_person_features') }}

),

nickname_pairs as (

    select * from {{ ref('int_nickname_pairs') }}

),

-- The bits of the rules that tell that two records share a contact point which no slot holds.
contact_rules as (

    select
        max(if(rule = 'email', 1 << rule_bit, null)) as email_mask,
        max(if(rule = 'phone', 1 << rule_bit, null)) as phone_mask,
    from {{ ref('person_blocking_rules') }}

),

compared as (

    select
        pairs.record_key_l,
        pairs.record_key_r,
        pairs.rule_mask,
        pairs.is_random,

        -- A name read out of the e-mail address is no second witness when the addresses agree.
        if(
            (l.is_given_name_from_email or r.is_given_name_from_email) and l.email_1 = r.email_1,
            -1,
            {{ compare_given_name('l', 'r', 'nickname_pairs.name_l is not null') }}
        ) as given_name_level,
        if(
            (l.is_family_name_from_email or r.is_family_name_from_email) and l.email_1 = r.email_1,
            -1,
            {{ compare_family_name('l', 'r') }}
        ) as family_name_level,
        {{ compare_middle_name('l', 'r') }} as middle_name_level,
        {{ compare_name_suffix('l', 'r') }} as name_suffix_level,
        {{ compare_email('l', 'r', 'pairs.rule_mask & contact_rules.email_mask != 0') }} as email_level,
        {{ compare_person_phone('l', 'r', 'pairs.rule_mask & contact_rules.phone_mask != 0') }} as phone_level,
        {{ compare_identifier('l', 'r', identifiers.slots) }} as identifier_level,
        {{ compare_date_of_birth('l', 'r') }} as date_of_birth_level,
        {{ compare_street('l', 'r') }} as street_level,
        {{ compare_postcode('l', 'r') }} as postcode_level,
        {{ compare_city('l', 'r') }} as city_level,
        {{ compare_employer('l', 'r') }} as company_level,
        {{ compare_job_title('l', 'r') }} as job_title_level,

        greatest(l.given_name_frequency, r.given_name_frequency) as given_name_frequency,
        greatest(l.family_name_frequency, r.family_name_frequency) as family_name_frequency,
        l.postcode_frequency,
        l.city_frequency,
        -- Companies can be the same under different names; then no frequency is known.
        if(l.company_name = r.company_name, l.company_frequency, null) as company_frequency,
        l.job_title_frequency,
    from candidate_pairs as pairs
    cross join contact_rules
    inner join features as l on pairs.record_key_l = l.record_key
    inner join features as r on pairs.record_key_r = r.record_key
    left join nickname_pairs
        on
            l.given_name = nickname_pairs.name_l
            and r.given_name = nickname_pairs.name_r

)

select * from compared
{% endmacro %}
