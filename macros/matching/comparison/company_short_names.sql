{#- Which pairs of names are short for one another word by word, and their initials and numbers, as CTEs ending in
    `written_names`; part of company_name_pairs. Two lists of words are laid side by side in the order of the alphabet:
    what a word is shortened to begins with the same letter. Reads the CTEs `name_pairs` and `name_words`. -#}
{% macro company_short_names() %}
positioned_words as (

    select
        company_name,
        word,
        row_number() over (partition by company_name order by word) as position,
        count(*) over (partition by company_name) as n_words,
    from name_words

),

shortened_words as (

    select
        name_pairs.company_name_l,
        name_pairs.company_name_r,
        count(*) = any_value(l.n_words) and any_value(l.n_words) > 1 as are_all_alike,
    from name_pairs
    inner join positioned_words as l on name_pairs.company_name_l = l.company_name
    inner join positioned_words as r
        on name_pairs.company_name_r = r.company_name and l.position = r.position and l.n_words = r.n_words
    where
        l.word = r.word
        or {{ is_short_word('l.word', 'r.word') }}
        or {{ is_short_word('r.word', 'l.word') }}
    group by name_pairs.company_name_l, name_pairs.company_name_r

),

written_names as (

    select
        name_pairs.company_name_l,
        name_pairs.company_name_r,
        replace(name_pairs.company_name_l, ' ', '') as joined_l,
        replace(name_pairs.company_name_r, ' ', '') as joined_r,
        regexp_replace(name_pairs.company_name_l, r'([^ ])[^ ]* *', r'\1') as initials_l,
        regexp_replace(name_pairs.company_name_r, r'([^ ])[^ ]* *', r'\1') as initials_r,
        regexp_replace(name_pairs.company_name_l, r'[^0-9]', '') as digits_l,
        regexp_replace(name_pairs.company_name_r, r'[^0-9]', '') as digits_r,
        coalesce(shortened_words.are_all_alike, false) as are_all_words_alike,
    from name_pairs
    left join shortened_words
        on
            name_pairs.company_name_l = shortened_words.company_name_l
            and name_pairs.company_name_r = shortened_words.company_name_r

)
{% endmacro %}
