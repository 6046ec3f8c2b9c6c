{#- Levels: 2 exact, 1 typo, 0 different, -1 when the records have no type of identifier in common.
    A slot holds one type of identifier, so only like is compared with like. -#}
{% macro compare_identifier(l, r, slots) %}
    case
        {% for slot in slots %}
            when {{ l }}.identifier_{{ slot }} = {{ r }}.identifier_{{ slot }} then 2
        {% endfor %}
        {% for slot in slots %}
            when {{ is_typo(l ~ '.identifier_' ~ slot, r ~ '.identifier_' ~ slot) }} then 1
        {% endfor %}
        when
            {% for slot in slots %}
                {{ l }}.identifier_{{ slot }} || {{ r }}.identifier_{{ slot }} is not null
                {%- if not loop.last %} or{% endif %}
            {% endfor %}
            then 0
        else -1
    end
{% endmacro %}
