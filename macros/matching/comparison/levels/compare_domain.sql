{#- Levels: 1 same web domain, 0 different, -1 unknown. -#}
{% macro compare_domain(l, r) %}
    case
        when {{ l }}.domain_1 is null or {{ r }}.domain_1 is null then -1
        when
            {{ l }}.domain_1 in ({{ r }}.domain_1, {{ r }}.domain_2, {{ r }}.domain_3)
            or {{ l }}.domain_2 in ({{ r }}.domain_1, {{ r }}.domain_2, {{ r }}.domain_3)
            or {{ l }}.domain_3 in ({{ r }}.domain_1, {{ r }}.domain_2, {{ r }}.domain_3) then 1
        else 0
    end
{% endmacro %}
