{#- Levels: 6 exact, 5 nickname or compound, 4 typo or swapped, 3 initial, prefix, another nickname of one name or the
    middle name of the other, 2 similar, 1 different, 0 another name that lists know, -1 unknown. A man's name and a
    woman's are other names however close they look. `is_nickname` and `is_other_nickname` are boolean expressions of
    the caller. -#}
{% macro compare_given_name(l, r, is_nickname, is_other_nickname) %}
    case
        when {{ l }}.given_name is null or {{ r }}.given_name is null then -1
        -- A name read out of the e-mail address is no second witness when the addresses agree.
        when
            ({{ l }}.is_given_name_from_email or {{ r }}.is_given_name_from_email)
            and {{ l }}.email_1 = {{ r }}.email_1 then -1
        when {{ l }}.given_name = {{ r }}.given_name then 6
        when {{ is_other_script(l ~ '.given_name', r ~ '.given_name') }} then -1
        when {{ is_nickname }} then 5
        when
            starts_with({{ l }}.given_name, {{ r }}.given_name || ' ')
            or starts_with({{ r }}.given_name, {{ l }}.given_name || ' ') then 5
        when {{ is_turned_name(l, r) }} then 4
        when {{ l }}.given_name_sex != {{ r }}.given_name_sex then 0
        when
            length({{ r }}.given_name) > 1
            and strpos(' ' || {{ l }}.middle_name || ' ', ' ' || {{ r }}.given_name || ' ') > 0 then 3
        when
            length({{ l }}.given_name) > 1
            and strpos(' ' || {{ r }}.middle_name || ' ', ' ' || {{ l }}.given_name || ' ') > 0 then 3
        when {{ is_other_nickname }} then 3
        when {{ is_typo(l ~ '.given_name', r ~ '.given_name', shortest=5) }} then 4
        when
            starts_with({{ l }}.given_name, {{ r }}.given_name)
            or starts_with({{ r }}.given_name, {{ l }}.given_name) then 3
        when {{ l }}.given_name_sound = {{ r }}.given_name_sound then 2
        when {{ is_similar_name(l ~ '.given_name', r ~ '.given_name') }} then 2
        when {{ l }}.is_known_given_name and {{ r }}.is_known_given_name then 0
        else 1
    end
{% endmacro %}
