{#- Levels: 2 exact, 1 similar, 0 different, -1 unknown. -#}
{% macro compare_street(l, r) %}
    case
        when {{ l }}.street is null or {{ r }}.street is null then -1
        when {{ l }}.street = {{ r }}.street then 2
        when {{ is_street_in_other_script(l ~ '.street', r ~ '.street') }} then -1
        when {{ is_similar_text(l ~ '.street', r ~ '.street', 0.25) }} then 1
        else 0
    end
{% endmacro %}
