{#- Sum of a FLOAT64 in fixed point, with this many digits after the point: the same in any order of the rows, as a
    sum of FLOAT64 is not. `over` makes it a window function. -#}
{% macro exact_sum(expression, digits=6, over='') -%}
    cast(sum(cast(round(({{ expression }}) * 1e{{ digits }}) as int64)) {{ over }} as int64) / 1e{{ digits }}
{%- endmacro %}
