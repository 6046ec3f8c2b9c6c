{#- Levels: 1 same, 0 conflict (Jr against Sr: father and son), -1 unknown. Jr and II are used for one another. -#}
{% macro compare_name_suffix(l, r) %}
    case
        when {{ l }}.name_suffix is null or {{ r }}.name_suffix is null then -1
        when {{ l }}.name_suffix = {{ r }}.name_suffix then 1
        when {{ l }}.name_suffix in ('jr', 'ii') and {{ r }}.name_suffix in ('jr', 'ii') then -1
        else 0
    end
{% endmacro %}
