{#- Levels: 4 exact, 3 exact and shared (a role or family mailbox), 2 same local part at another domain,
    1 similar local part, 0 different, -1 unknown. `found_by_email` is true when blocking met a common address. -#}
{% macro compare_email(l, r, found_by_email) %}
    case
        when
            {{ l }}.email_1 in ({{ r }}.email_1, {{ r }}.email_2, {{ r }}.email_3)
            or {{ l }}.email_2 in ({{ r }}.email_1, {{ r }}.email_2, {{ r }}.email_3)
            or {{ l }}.email_3 in ({{ r }}.email_1, {{ r }}.email_2, {{ r }}.email_3) then 4
        when
            {{ l }}.shared_email_1 in ({{ r }}.shared_email_1, {{ r }}.shared_email_2)
            or {{ l }}.shared_email_2 in ({{ r }}.shared_email_1, {{ r }}.shared_email_2)
            or {{ found_by_email }}
            -- Of those who share a mailbox, a record without a name may be any.
            then if(
                coalesce({{ l }}.given_name, {{ l }}.family_name) is null
                or coalesce({{ r }}.given_name, {{ r }}.family_name) is null,
                -1,
                3
            )
        when {{ l }}.email_1 is null or {{ r }}.email_1 is null then -1
        -- john.smith@ here and there: the name has said that already.
        when
            {{ l }}.is_local_part_of_name
            and {{ r }}.is_local_part_of_name
            and {{ is_similar_text(l ~ '.email_local_part', r ~ '.email_local_part', 0.25) }} then -1
        -- james@ and mary@ are everywhere.
        when {{ l }}.email_local_part = {{ r }}.email_local_part and {{ l }}.is_local_part_common then -1
        when
            {{ l }}.email_local_part = {{ r }}.email_local_part
            and length({{ l }}.email_local_part) >= 5 then 2
        -- mary541@ and mary546@ are two people: a slip is in the letters.
        when
            length({{ l }}.email_local_part) >= 5
            and length({{ r }}.email_local_part) >= 5
            and {{ is_typo(l ~ '.email_local_part', r ~ '.email_local_part', 8) }}
            and regexp_replace({{ l }}.email_local_part, r'[^0-9]', '')
            = regexp_replace({{ r }}.email_local_part, r'[^0-9]', '')
            and not ({{ l }}.is_local_part_common and {{ r }}.is_local_part_common) then 1
        else 0
    end
{% endmacro %}
