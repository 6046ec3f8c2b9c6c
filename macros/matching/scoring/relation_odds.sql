{#- How many times as likely a pair's agreements are when it is related in this way than when it is there by chance,
    times how many such pairs there are for each by chance. Where a relation explains a comparison up to a level only,
    it explains no more than the weight of that level. Takes the row `pairs` and the row `model` of
    weights_in_one_row. -#}
{% macro relation_odds(relation, comparisons) -%}
    pow(2, model.{{ relation }}_weight)
    {%- for comparison in comparisons %}
        {%- set weight = 'pairs.weight_' ~ comparison.name %}
        {%- set share = 'model.' ~ relation ~ '_' ~ comparison.name ~ '_share' %}
        {%- set highest = (comparison.explained_up_to or {}).get(relation) %}
        {%- if highest is not none %}
            {%- set limit = 'model.' ~ comparison.name ~ '_weights[safe_offset(' ~ (highest + 1) ~ ')]' %}
            {%- set weight = 'least(' ~ weight ~ ', coalesce(' ~ limit ~ ', ' ~ weight ~ '))' %}
        {%- endif %}
        * ({{ share }} * pow(2, {{ weight }}) + 1 - {{ share }})
    {%- endfor %}
{%- endmacro %}
