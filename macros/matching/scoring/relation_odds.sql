{#- How many times as likely a pair's agreements are when it is related in this way than when it is there by chance,
    times how many such pairs there are for each by chance. Takes the row `pairs` and the row `model` of
    weights_in_one_row. -#}
{% macro relation_odds(relation, explained) -%}
    pow(2, model.{{ relation }}_weight)
    {%- for comparison in explained %}
        * (
            model.{{ relation }}_{{ comparison }}_share * pow(2, pairs.weight_{{ comparison }})
            + 1 - model.{{ relation }}_{{ comparison }}_share
        )
    {%- endfor %}
{%- endmacro %}
