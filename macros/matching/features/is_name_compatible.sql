{#- True unless two parts of a name contradict each other: a missing one or an initial contradicts nothing it
    begins. -#}
{% macro is_name_compatible(own, other) -%}
    coalesce(starts_with({{ own }}, {{ other }}) or starts_with({{ other }}, {{ own }}), true)
{%- endmacro %}
