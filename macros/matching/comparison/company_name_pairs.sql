{#- How alike two company names are, once per distinct pair: the share of information in the words they share. -#}
{% macro company_name_pairs(candidate_pairs) %}
with

candidate_pairs as (

    select * from {{ candidate_pairs }}

),

features as (

    select * from {{ ref('int_company_features') }}

),

name_words as (

    select * from {{ ref('int_company_name_words') }}

),

name_pairs as (

    select distinct
        l.company_name as company_name_l,
        r.company_name as company_name_r,
    from candidate_pairs
    inner join features as l on candidate_pairs.record_key_l = l.record_key
    inner join features as r on candidate_pairs.record_key_r = r.record_key
    where l.company_name != r.company_name

),

name_information as (

    select
        company_name,
        {{ exact_sum('information') }} as information,
    from name_words
    group by company_name

),

shared_information as (

    select
        name_pairs.company_name_l,
        name_pairs.company_name_r,
        {{ exact_sum('l.information') }} as information,
    from name_pairs
    inner join name_words as l on name_pairs.company_name_l = l.company_name
    inner join name_words as r on name_pairs.company_name_r = r.company_name and l.word = r.word
    group by name_pairs.company_name_l, name_pairs.company_name_r

),

measured as (

    select
        shared_information.company_name_l,
        shared_information.company_name_r,
        shared_information.information / least(l.information, r.information) as share_of_shorter,
        shared_information.information
        / (l.information + r.information - shared_information.information) as share_of_both,
    from shared_information
    inner join name_information as l on shared_information.company_name_l = l.company_name
    inner join name_information as r on shared_information.company_name_r = r.company_name

)

select * from measured
{% endmacro %}
