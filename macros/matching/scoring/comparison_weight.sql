{#- The weight of a comparison for the row `pairs`, from the row `model` of weights_in_one_row: that of its level, and
    on the highest level, which is exact agreement, that of the agreed value. Where the comparison `is_bounded`, a
    lower level weighs no more than exact agreement on the commoner of the two values would: who is nearly called like
    three hundred others is no surer to be one of them than who is called like them. -#}
{% macro comparison_weight(comparison) -%}
    {%- set weights = 'model.' ~ comparison.name ~ '_weights' -%}
    {%- set level = 'pairs.' ~ comparison.name ~ '_level' -%}
    {%- set excess = 'coalesce(log(model.' ~ comparison.name ~ '_exact_u / pairs.' ~ comparison.name
        ~ '_frequency, 2), 0)' -%}
    {%- if comparison.is_bounded -%}
        case
            when {{ level }} = array_length({{ weights }}) - 2
                then {{ weights }}[offset({{ level }} + 1)] + {{ excess }}
            when {{ level }} > 0 and {{ weights }}[offset({{ level }} + 1)] > 0
                then least(
                    {{ weights }}[offset({{ level }} + 1)],
                    greatest({{ weights }}[offset(array_length({{ weights }}) - 1)] + {{ excess }}, 0)
                )
            else {{ weights }}[offset({{ level }} + 1)]
        end
    {%- else -%}
        {{ weights }}[offset({{ level }} + 1)]
        {%- if comparison.term_frequency %}
            + if({{ level }} = array_length({{ weights }}) - 2, {{ excess }}, 0)
        {%- endif %}
    {%- endif %}
{%- endmacro %}
