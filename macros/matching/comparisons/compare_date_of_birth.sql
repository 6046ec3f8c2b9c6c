{#- Levels: 5 exact, 4 typo (one digit, or day and month swapped), 3 near (two digits, or the same year and month),
    2 same year, 1 within ten years, 0 different, -1 unknown. -#}
{% macro compare_date_of_birth(l, r) %}
    case
        when {{ l }}.date_of_birth is null or {{ r }}.date_of_birth is null then -1
        when {{ l }}.date_of_birth = {{ r }}.date_of_birth then 5
        when
            {{ l }}.date_of_birth = {{ r }}.date_of_birth_alternate
            or {{ l }}.date_of_birth_alternate = {{ r }}.date_of_birth then 4
        when
            substr({{ l }}.date_of_birth_digits, 1, 4) = substr({{ r }}.date_of_birth_digits, 1, 4)
            and substr({{ l }}.date_of_birth_digits, 5, 2) = substr({{ r }}.date_of_birth_digits, 7, 2)
            and substr({{ l }}.date_of_birth_digits, 7, 2) = substr({{ r }}.date_of_birth_digits, 5, 2) then 4
        when edit_distance({{ l }}.date_of_birth_digits, {{ r }}.date_of_birth_digits) = 1 then 4
        when substr({{ l }}.date_of_birth_digits, 1, 6) = substr({{ r }}.date_of_birth_digits, 1, 6) then 3
        when edit_distance({{ l }}.date_of_birth_digits, {{ r }}.date_of_birth_digits) = 2 then 3
        when substr({{ l }}.date_of_birth_digits, 1, 4) = substr({{ r }}.date_of_birth_digits, 1, 4) then 2
        when abs(date_diff({{ l }}.date_of_birth, {{ r }}.date_of_birth, day)) <= 3653 then 1
        else 0
    end
{% endmacro %}
