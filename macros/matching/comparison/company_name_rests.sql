{#- What is left of two names when the words that both have are taken away, and the share of it that would have to be
    edited, as CTEs ending in `name_rests`; part of company_name_pairs. Only pairs with a common word have a row. Reads
    the CTEs `shared_information` and `name_words`. -#}
{% macro company_name_rests() %}
rests as (

    select
        pairs.company_name_l,
        pairs.company_name_r,
        side.is_left,
        string_agg(
            own_words.word, ''
            order by strpos(' ' || own_words.company_name || ' ', ' ' || own_words.word || ' ')
        ) as rest,
    from shared_information as pairs
    cross join unnest([
        struct(true as is_left, pairs.company_name_l as own_name, pairs.company_name_r as other_name),
        struct(false as is_left, pairs.company_name_r as own_name, pairs.company_name_l as other_name)
    ]) as side
    inner join name_words as own_words on side.own_name = own_words.company_name
    left join name_words as other_words
        on side.other_name = other_words.company_name and own_words.word = other_words.word
    where other_words.word is null
    group by pairs.company_name_l, pairs.company_name_r, side.is_left

),

paired_rests as (

    select
        company_name_l,
        company_name_r,
        max(if(is_left, rest, null)) as rest_l,
        max(if(is_left, null, rest)) as rest_r,
    from rests
    group by company_name_l, company_name_r

),

name_rests as (

    select
        company_name_l,
        company_name_r,
        edit_distance(rest_l, rest_r) / greatest(length(rest_l), length(rest_r)) as share_of_edits,
        edit_distance(rest_l, rest_r, max_distance => 3)
        <= least(greatest(length(rest_l), length(rest_r)) - 6, 2) as is_slip,
        starts_with(rest_l, rest_r) or starts_with(rest_r, rest_l) as is_cut,
    from paired_rests
    where rest_l is not null and rest_r is not null

)
{% endmacro %}
