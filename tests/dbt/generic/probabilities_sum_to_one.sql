{#- The levels of a comparison exclude each other: their m- and their u-probabilities each sum to 1. -#}
{% test probabilities_sum_to_one(model) %}

with

parameters as (

    select * from {{ model }}

),

summed as (

    select
        comparison,
        sum(m_probability) as m_total,
        sum(u_probability) as u_total,
    from parameters
    where not starts_with(comparison, 'prior')
    group by comparison

)

-- Of a sum that is null or not a number neither `<=` nor `>` is true: what is asked is whether it is right.
select *
from summed
where not coalesce(abs(m_total - 1) <= 1e-6 and abs(u_total - 1) <= 1e-6, false)

{% endtest %}
