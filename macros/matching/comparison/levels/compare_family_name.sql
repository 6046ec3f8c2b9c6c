{#- Levels: 5 exact, 4 typo or swapped, 3 shared part (of a double name), 2 initial, 1 similar, 0 different, -1
    unknown. -#}
{% macro compare_family_name(l, r) %}
    case
        when {{ l }}.family_name is null or {{ r }}.family_name is null then -1
        -- A name read out of the e-mail address is no second witness when the addresses agree.
        when
            ({{ l }}.is_family_name_from_email or {{ r }}.is_family_name_from_email)
            and {{ l }}.email_1 = {{ r }}.email_1 then -1
        when {{ l }}.family_name = {{ r }}.family_name then 5
        when {{ is_other_script(l ~ '.family_name', r ~ '.family_name') }} then -1
        -- What may be two people is told once, with the given names.
        when {{ is_ambiguous_turn(l, r) }} then -1
        when {{ is_turned_name(l, r) }} then 4
        when {{ is_typo(l ~ '.family_name', r ~ '.family_name') }} then 4
        when
            strpos(' ' || {{ l }}.family_name || ' ', ' ' || {{ r }}.family_name || ' ') > 0
            or strpos(' ' || {{ r }}.family_name || ' ', ' ' || {{ l }}.family_name || ' ') > 0 then 3
        when
            least(length({{ l }}.family_name), length({{ r }}.family_name)) = 1
            and substr({{ l }}.family_name, 1, 1) = substr({{ r }}.family_name, 1, 1) then 2
        when {{ l }}.family_name_sound = {{ r }}.family_name_sound then 1
        when {{ is_similar_name(l ~ '.family_name', r ~ '.family_name') }} then 1
        else 0
    end
{% endmacro %}
