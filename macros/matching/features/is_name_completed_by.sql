{#- True when `other` says more than `own`: a name where there is none, or a word that begins with the initial. -#}
{% macro is_name_completed_by(own, other) -%}
    coalesce(
        {{ own }} is null and {{ other }} is not null
        or length({{ own }}) = 1 and length({{ other }}) > 1 and starts_with({{ other }}, {{ own }}),
        false
    )
{%- endmacro %}
