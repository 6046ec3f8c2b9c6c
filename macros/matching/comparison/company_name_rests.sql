{#- What is left of two names when the words that both have are taken away, and the share of it that would have to be
    edited, as CTEs ending in `name_rests`; part of company_name_pairs. Only pairs with a common word have a row. Reads
    the CTEs `shared_information` and `name_words`. -#}
{% macro company_name_rests() %}
{%- for side, other in [('l', 'r'), ('r', 'l')] %}
rests_{{ side }} as (

    select
        pairs.company_name_l,
        pairs.company_name_r,
        string_agg(
            own_words.word, ''
            order by strpos(' ' || own_words.company_name || ' ', ' ' || own_words.word || ' ')
        ) as rest,
    from shared_information as pairs
    inner join name_words as own_words on pairs.company_name_{{ side }} = own_words.company_name
    left join name_words as other_words
        on pairs.company_name_{{ other }} = other_words.company_name and own_words.word = other_words.word
    where other_words.word is null
    group by pairs.company_name_l, pairs.company_name_r

),
{% endfor %}
name_rests as (

    select
        l.company_name_l,
        l.company_name_r,
        edit_distance(l.rest, r.rest) / greatest(length(l.rest), length(r.rest)) as share_of_edits,
        edit_distance(l.rest, r.rest) <= least(greatest(length(l.rest), length(r.rest)) - 6, 2) as is_slip,
        starts_with(l.rest, r.rest) or starts_with(r.rest, l.rest) as is_cut,
    from rests_l as l
    inner join rests_r as r on l.company_name_l = r.company_name_l and l.company_name_r = r.company_name_r

)
{% endmacro %}
