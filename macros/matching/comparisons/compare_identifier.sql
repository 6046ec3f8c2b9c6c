{#- Levels: 2 exact, 1 typo, 0 different, -1 when the records have no type of identifier in common.
    A slot holds one type of identifier, so only like is compared with like. -#}
{% macro compare_identifier(l, r) %}
    case
        {% for slot in [1, 2, 3] %}
            when {{ l }}.identifier_{{ slot }} = {{ r }}.identifier_{{ slot }} then 2
        {% endfor %}
        {% for slot in [1, 2, 3] %}
            when {{ is_typo(l ~ '.identifier_' ~ slot, r ~ '.identifier_' ~ slot) }} then 1
        {% endfor %}
        when
            {{ l }}.identifier_1 || {{ r }}.identifier_1 is not null
            or {{ l }}.identifier_2 || {{ r }}.identifier_2 is not null
            or {{ l }}.identifier_3 || {{ r }}.identifier_3 is not null then 0
        else -1
    end
{% endmacro %}
