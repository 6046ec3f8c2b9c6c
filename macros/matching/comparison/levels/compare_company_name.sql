{#- Levels: 5 exact, 4 same words or typo, 3 one name contains the other, 2 most words shared or one name is short for
    the other, 1 some words shared, 0 different, -1 unknown. Stores 112 and 118 of a chain are no slip: names that both
    have numbers, and other ones, share some words at most. A slip is one of the words that differ: Acre Capital and
    Sedra Capital are no more alike than Acre and Sedra. `name_pairs` is the alias of int_company_name_pairs joined
    to the pair. -#}
{% macro compare_company_name(l, r, name_pairs) %}
    case
        when {{ l }}.company_name is null or {{ r }}.company_name is null then -1
        when {{ l }}.joined_name = {{ r }}.joined_name then 5
        when {{ is_other_script(l ~ '.joined_name', r ~ '.joined_name') }} then -1
        when {{ l }}.sorted_words = {{ r }}.sorted_words then 4
        when {{ name_pairs }}.has_other_numbers then if({{ name_pairs }}.share_of_both >= 0.2, 1, 0)
        when
            {{ is_similar_text(l ~ '.joined_name', r ~ '.joined_name', 0.12) }}
            and coalesce({{ name_pairs }}.share_of_edits <= 0.12 or {{ name_pairs }}.is_slip, true) then 4
        when {{ name_pairs }}.share_of_shorter > 0.999 then 3
        when {{ name_pairs }}.share_of_both >= 0.5 or {{ name_pairs }}.is_short_form then 2
        when
            {{ is_similar_text(l ~ '.joined_name', r ~ '.joined_name', 0.3) }}
            and coalesce({{ name_pairs }}.share_of_edits <= 0.34 or {{ name_pairs }}.is_cut, true) then 2
        when {{ name_pairs }}.share_of_both >= 0.2 then 1
        else 0
    end
{% endmacro %}
