{#- Lower bound of the number that was never caught, from the numbers caught once and twice (Chao 1987, "Estimating
    the population size for capture-recapture data with unequal catchability", in its bias-corrected form). An
    expected number can be below 1, where the formula would turn negative. -#}
{% macro chao_lower_bound(caught_once, caught_twice) -%}
    if(
        {{ caught_once }} > 1,
        {{ caught_once }} * ({{ caught_once }} - 1) / (2 * ({{ caught_twice }} + 1)),
        0.0
    )
{%- endmacro %}
