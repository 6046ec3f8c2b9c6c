{#- Levels: 3 exact, 2 exact and shared (a switchboard or a household), 1 one digit off, 0 different, -1 unknown.
    `found_by_phone` is true when blocking met a common number. -#}
{% macro compare_phone(l, r, found_by_phone) %}
    case
        when
            {{ l }}.phone_1 in ({{ r }}.phone_1, {{ r }}.phone_2, {{ r }}.phone_3)
            or {{ l }}.phone_2 in ({{ r }}.phone_1, {{ r }}.phone_2, {{ r }}.phone_3)
            or {{ l }}.phone_3 in ({{ r }}.phone_1, {{ r }}.phone_2, {{ r }}.phone_3) then 3
        when
            {{ l }}.shared_phone_1 in ({{ r }}.shared_phone_1, {{ r }}.shared_phone_2)
            or {{ l }}.shared_phone_2 in ({{ r }}.shared_phone_1, {{ r }}.shared_phone_2)
            or {{ found_by_phone }} then 2
        when {{ l }}.phone_1 is null or {{ r }}.phone_1 is null then -1
        when edit_distance({{ l }}.phone_1, {{ r }}.phone_1, max_distance => 2) = 1 then 1
        else 0
    end
{% endmacro %}
