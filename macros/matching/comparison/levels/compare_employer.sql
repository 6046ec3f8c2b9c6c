{#- Levels: 2 same (resolved company, domain or name), 1 similar name, 0 different, -1 unknown. A domain read from an
    e-mail address is no second witness when the addresses agree. -#}
{% macro compare_employer(l, r) %}
    case
        when
            ({{ l }}.email_1 = {{ r }}.email_1 or {{ l }}.shared_email_1 = {{ r }}.shared_email_1)
            and ({{ l }}.company_name is null or {{ r }}.company_name is null) then -1
        when {{ l }}.company_id = {{ r }}.company_id then 2
        when {{ l }}.company_domain = {{ r }}.company_domain then 2
        when {{ l }}.company_name = {{ r }}.company_name then 2
        when {{ is_similar_text(l ~ '.company_name', r ~ '.company_name', 0.25) }} then 1
        when {{ is_other_script(l ~ '.company_name', r ~ '.company_name') }} then -1
        when {{ l }}.company_name is not null and {{ r }}.company_name is not null then 0
        when {{ l }}.company_id is not null and {{ r }}.company_id is not null then 0
        when {{ l }}.company_domain is not null and {{ r }}.company_domain is not null then 0
        else -1
    end
{% endmacro %}
