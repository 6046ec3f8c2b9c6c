{#- Levels: 4 exact, 3 exact and used by a few names, 2 exact and shared (a switchboard or a household), 1 one digit
    off, 0 different, -1 unknown. `found_by_phone` is true when blocking met a common number. -#}
{% macro compare_person_phone(l, r, found_by_phone) %}
    case
        when
            {{ l }}.phone_1 in ({{ r }}.phone_1, {{ r }}.phone_2, {{ r }}.phone_3)
            or {{ l }}.phone_2 in ({{ r }}.phone_1, {{ r }}.phone_2, {{ r }}.phone_3)
            or {{ l }}.phone_3 in ({{ r }}.phone_1, {{ r }}.phone_2, {{ r }}.phone_3) then 4
        when
            {{ l }}.few_phone_1 in ({{ r }}.few_phone_1, {{ r }}.few_phone_2)
            or {{ l }}.few_phone_2 in ({{ r }}.few_phone_1, {{ r }}.few_phone_2) then 3
        when
            {{ l }}.shared_phone_1 in ({{ r }}.shared_phone_1, {{ r }}.shared_phone_2)
            or {{ l }}.shared_phone_2 in ({{ r }}.shared_phone_1, {{ r }}.shared_phone_2)
            or {{ found_by_phone }}
            -- Of those who share a number, a record without a name may be any.
            then if(
                coalesce({{ l }}.given_name, {{ l }}.family_name) is null
                or coalesce({{ r }}.given_name, {{ r }}.family_name) is null,
                -1,
                2
            )
        when coalesce({{ l }}.phone_1, {{ l }}.few_phone_1) is null then -1
        when coalesce({{ r }}.phone_1, {{ r }}.few_phone_1) is null then -1
        when
            edit_distance(
                coalesce({{ l }}.phone_1, {{ l }}.few_phone_1),
                coalesce({{ r }}.phone_1, {{ r }}.few_phone_1),
                max_distance => 2
            ) = 1 then 1
        else 0
    end
{% endmacro %}
