{#- Levels: 6 exact, 5 typo (one digit, two neighbours turned, or day and month swapped), 4 same year, and month if
    known, where a side knows no more, 3 near (two digits, or the same year and month), 2 same year, 1 within ten years,
    0 different, -1 unknown. -#}
{% macro compare_date_of_birth(l, r) %}
    case
        when {{ l }}.birth_year is null or {{ r }}.birth_year is null then -1
        when {{ l }}.date_of_birth = {{ r }}.date_of_birth then 6
        when {{ l }}.date_of_birth is null or {{ r }}.date_of_birth is null
            then case
                when {{ l }}.birth_year = {{ r }}.birth_year and {{ l }}.birth_month != {{ r }}.birth_month then 2
                when {{ l }}.birth_year = {{ r }}.birth_year then 4
                when abs({{ l }}.birth_year - {{ r }}.birth_year) <= 10 then 1
                else 0
            end
        when
            {{ l }}.date_of_birth = {{ r }}.date_of_birth_alternate
            or {{ l }}.date_of_birth_alternate = {{ r }}.date_of_birth then 5
        when
            substr({{ l }}.date_of_birth_digits, 1, 4) = substr({{ r }}.date_of_birth_digits, 1, 4)
            and substr({{ l }}.date_of_birth_digits, 5, 2) = substr({{ r }}.date_of_birth_digits, 7, 2)
            and substr({{ l }}.date_of_birth_digits, 7, 2) = substr({{ r }}.date_of_birth_digits, 5, 2) then 5
        when edit_distance({{ l }}.date_of_birth_digits, {{ r }}.date_of_birth_digits, max_distance => 2) = 1 then 5
        when {{ is_turned_date(l ~ '.date_of_birth_digits', r ~ '.date_of_birth_digits') }} then 5
        when substr({{ l }}.date_of_birth_digits, 1, 6) = substr({{ r }}.date_of_birth_digits, 1, 6) then 3
        when edit_distance({{ l }}.date_of_birth_digits, {{ r }}.date_of_birth_digits, max_distance => 3) = 2 then 3
        when {{ l }}.birth_year = {{ r }}.birth_year then 2
        when abs({{ l }}.birth_year - {{ r }}.birth_year) <= 10 then 1
        else 0
    end
{% endmacro %}
