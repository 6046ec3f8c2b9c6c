{#- Levels: 2 exact, 1 similar (a typo, or one name contains the other), 0 different, -1 unknown. -#}
{% macro compare_city(l, r) %}
    case
        when {{ l }}.city is null or {{ r }}.city is null then -1
        when {{ l }}.city = {{ r }}.city then 2
        when {{ is_other_script(l ~ '.city', r ~ '.city') }} then -1
        when {{ is_typo(l ~ '.city', r ~ '.city') }} then 1
        when
            strpos(' ' || {{ l }}.city || ' ', ' ' || {{ r }}.city || ' ') > 0
            or strpos(' ' || {{ r }}.city || ' ', ' ' || {{ l }}.city || ' ') > 0 then 1
        else 0
    end
{% endmacro %}
