{#- Levels: 4 exact, 3 similar, 2 near (same street, numbers at most 20 apart), 1 same house number, 0 different,
    -1 unknown. A corner house has several numbers, and a number is easily mistyped. -#}
{% macro compare_business_street(l, r) %}
    case
        when {{ l }}.street is null or {{ r }}.street is null then -1
        when {{ l }}.street = {{ r }}.street then 4
        when {{ is_street_in_other_script(l ~ '.street', r ~ '.street') }} then -1
        when
            coalesce({{ l }}.house_number = {{ r }}.house_number, true)
            and (
                starts_with({{ l }}.street, {{ r }}.street)
                or starts_with({{ r }}.street, {{ l }}.street)
                or {{ is_similar_text(l ~ '.street', r ~ '.street', 0.3) }}
            ) then 3
        when
            {{ l }}.street_name = {{ r }}.street_name
            and abs({{ l }}.house_number - {{ r }}.house_number) <= 20 then 2
        when {{ l }}.house_number = {{ r }}.house_number then 1
        else 0
    end
{% endmacro %}
