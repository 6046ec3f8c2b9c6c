{#- The match weight is the sum of the parts that explain it, and the probability follows from it.
    It finds a slip in the macros, which no data can cause, and it reads every weight of every pair, more than a
    query of `ci` or `dev` may read at ten million records: enable it only where the project is developed. -#}
{% test weights_add_up(model, entity) %}

with

scored_pairs as (

    select * from {{ model }}

),

added_up as (

    select
        record_id_l,
        record_id_r,
        match_weight,
        match_probability,
        weight_prior
        + weight_related
        {% for comparison in entity_model(entity) %}
            + weight_{{ comparison.name }}
        {% endfor %}
            as sum_of_weights,
        1 / (1 + pow(2, -match_weight)) as expected_probability,
    from scored_pairs

)

-- Of a weight that is null or not a number neither `<=` nor `>` is true: what is asked is whether it is right.
select *
from added_up
where
    not coalesce(
        abs(match_weight - sum_of_weights) <= 1e-9
        and abs(match_probability - expected_probability) <= 1e-9,
        false
    )

{% endtest %}
