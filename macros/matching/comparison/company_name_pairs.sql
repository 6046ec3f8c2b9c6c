{#- How alike two company names are, once per distinct pair: the share of information in the words they share, whether
    one is short for the other (initials, or each word the beginning or the consonants of the other's), whether both
    have numbers, but other ones, and how much of the words that they do not share would have to be edited. -#}
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
        {{ exact_sum('l.shared_information') }} as telling_information,
    from name_pairs
    inner join name_words as l on name_pairs.company_name_l = l.company_name
    inner join name_words as r on name_pairs.company_name_r = r.company_name and l.word = r.word
    group by name_pairs.company_name_l, name_pairs.company_name_r

),

{{ company_name_rests() }},

{{ company_short_names() }},

measured as (

    select
        written_names.company_name_l,
        written_names.company_name_r,
        shared_information.information / least(l.information, r.information) as share_of_shorter,
        shared_information.telling_information
        / (l.information + r.information - shared_information.information) as share_of_both,
        written_names.are_all_words_alike
        or length(written_names.initials_l) > 1 and written_names.initials_l = written_names.joined_r
        or length(written_names.initials_r) > 1
        and written_names.initials_r = written_names.joined_l as is_short_form,
        written_names.digits_l != ''
        and written_names.digits_r != ''
        and written_names.digits_l != written_names.digits_r as has_other_numbers,
        name_rests.share_of_edits,
        name_rests.is_slip,
        name_rests.is_cut,
    from written_names
    left join shared_information
        on
            written_names.company_name_l = shared_information.company_name_l
            and written_names.company_name_r = shared_information.company_name_r
    left join name_rests
        on
            written_names.company_name_l = name_rests.company_name_l
            and written_names.company_name_r = name_rests.company_name_r
    left join name_information as l on written_names.company_name_l = l.company_name
    left join name_information as r on written_names.company_name_r = r.company_name

),

telling as (

    select * from measured
    where share_of_both is not null or is_short_form or has_other_numbers

)

select * from telling
{% endmacro %}
