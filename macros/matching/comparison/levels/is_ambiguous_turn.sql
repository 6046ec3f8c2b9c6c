{#- True when given and family name stand in each other's place and lists know both as given names: Thomas James and
    James Thomas are as likely two people as one. -#}
{% macro is_ambiguous_turn(l, r) %}
    (
        {{ l }}.given_name = {{ r }}.family_name
        and {{ r }}.given_name = {{ l }}.family_name
        and {{ l }}.is_known_given_name
        and {{ r }}.is_known_given_name
    )
{% endmacro %}
