{#- True when given and family name of one side stand in each other's place; of a double name in the wrong place, the
    second half has become a middle name. -#}
{% macro is_turned_name(l, r) %}
    (
        {{ l }}.given_name = {{ r }}.family_name and {{ r }}.given_name = {{ l }}.family_name
        or {{ l }}.given_name || ' ' || {{ l }}.middle_name = {{ r }}.family_name
        and {{ r }}.given_name = {{ l }}.family_name
        or {{ r }}.given_name || ' ' || {{ r }}.middle_name = {{ l }}.family_name
        and {{ l }}.given_name = {{ r }}.family_name
    )
{% endmacro %}
