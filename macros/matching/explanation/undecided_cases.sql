{#- The cases that nobody has decided yet, as the CTE `undecided_cases`. Reads the CTE `worthwhile`; part of
    review_cases. -#}
{% macro undecided_cases(entity) %}
undecided_cases as (

    select * from worthwhile

)
{% endmacro %}
