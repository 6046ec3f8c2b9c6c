{#- Levels: 3 exact, 2 initial or prefix, 1 typo or sound, 0 different, -1 unknown. Two equal initials are level 2: they
    say as little as one beside a name. -#}
{% macro compare_middle_name(l, r) %}
    case
        when {{ l }}.middle_name is null or {{ r }}.middle_name is null then -1
        when {{ is_other_script(l ~ '.middle_name', r ~ '.middle_name') }} then -1
        when {{ l }}.middle_name = {{ r }}.middle_name and length({{ l }}.middle_name) > 1 then 3
        when
            starts_with({{ l }}.middle_name, {{ r }}.middle_name)
            or starts_with({{ r }}.middle_name, {{ l }}.middle_name) then 2
        when {{ is_typo(l ~ '.middle_name', r ~ '.middle_name') }} then 1
        when {{ is_similar_text(l ~ '.middle_name', r ~ '.middle_name', 0.3) }} then 1
        else 0
    end
{% endmacro %}
