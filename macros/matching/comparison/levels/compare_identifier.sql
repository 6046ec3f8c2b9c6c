{#- Levels: 2 exact, 1 typo, 0 different, -1 when the records have no type of identifier in common.
    `slots` are the columns of person_model or company_model; each holds one type of identifier, so only like is
    compared with like. -#}
{% macro compare_identifier(l, r, slots) %}
    case
        {% for slot in slots %}
            when {{ l }}.{{ slot }} = {{ r }}.{{ slot }} then 2
        {% endfor %}
        {% for slot in slots %}
            when {{ is_typo(l ~ '.' ~ slot, r ~ '.' ~ slot) }} then 1
        {% endfor %}
        when
            {% for slot in slots %}
                {{ l }}.{{ slot }} || {{ r }}.{{ slot }} is not null
                {%- if not loop.last %} or{% endif %}
            {% endfor %}
            then 0
        else -1
    end
{% endmacro %}
