{#- The rows of a pair add up to its match weight. -#}
{% test explanations_add_up(model) %}

{{ config(tags=['development']) }}

select
    entity,
    record_id_l,
    record_id_r,
    max(match_weight) as largest_match_weight,
    sum(weight) as sum_of_weights,
from {{ model }}
group by entity, record_id_l, record_id_r
-- Of a weight that is null or not a number neither `<=` nor `>` is true.
having not coalesce(abs(max(match_weight) - sum(weight)) <= 1e-9 and min(match_weight) = max(match_weight), false)

{% endtest %}
