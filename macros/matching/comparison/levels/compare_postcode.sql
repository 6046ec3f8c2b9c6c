{#- Levels: 3 exact, 2 near (one slip), 1 same area (the first three characters), 0 different, -1 unknown. -#}
{% macro compare_postcode(l, r) %}
    case
        when {{ l }}.postcode is null or {{ r }}.postcode is null then -1
        when {{ l }}.postcode = {{ r }}.postcode then 3
        when {{ is_typo(l ~ '.postcode', r ~ '.postcode', 7) }} then 2
        when substr({{ l }}.postcode, 1, 3) = substr({{ r }}.postcode, 1, 3) then 1
        else 0
    end
{% endmacro %}
