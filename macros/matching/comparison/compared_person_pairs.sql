{#- One level per pair and comparison, and the frequency of the agreed value where agreement is exact
    (of the more common of both where it is not). -#}
{% macro compared_person_pairs(candidate_pairs) %}
with

candidate_pairs as (

    select * from {{ candidate_pairs }}

),

-- Read once per side: what a query reads twice by one name the local engine keeps in memory a second time.
left_features as (

    select * from {{ ref('int_person_features') }}

),

right_features as (

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
        {{ pair_hash('pairs', 'l', 'r') }} as pair_hash,
        {% for comparison in person_model() %}
            {{ comparison.level }} as {{ comparison.name }}_level,
            {%- if comparison.term_frequency %}
                {{ comparison.frequency or 'l.' ~ comparison.name ~ '_frequency' }} as {{ comparison.name }}_frequency,
            {%- endif %}
        {% endfor %}
    from candidate_pairs as pairs
    cross join contact_rules
    inner join left_features as l on pairs.record_key_l = l.record_key
    inner join right_features as r on pairs.record_key_r = r.record_key
    left join nickname_pairs
        on
            l.given_name = nickname_pairs.name_l
            and r.given_name = nickname_pairs.name_r

)

select * from compared
{% endmacro %}
