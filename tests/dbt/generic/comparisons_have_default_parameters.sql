{#- The model reads the weights of a comparison as an array indexed by level, so the default parameters must have each
    comparison of the model, and its levels must run from 0 without a gap. -#}
{% test comparisons_have_default_parameters(model, entity) %}

{{ config(tags=['development']) }}

with

defaults as (

    select * from {{ model }}
    where entity = '{{ entity }}'

),

model_comparisons as (
    {% for comparison in entity_model(entity) %}
        select '{{ comparison.name }}' as comparison
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

counted as (

    select
        comparison,
        min(level) as lowest_level,
        max(level) as highest_level,
        count(*) as n_levels,
    from defaults
    group by comparison

)

select
    coalesce(model_comparisons.comparison, counted.comparison) as comparison,
    counted.lowest_level,
    counted.highest_level,
    counted.n_levels,
from model_comparisons
full outer join counted on model_comparisons.comparison = counted.comparison
where
    model_comparisons.comparison is null
    or counted.comparison is null
    or counted.lowest_level != 0
    or counted.highest_level != counted.n_levels - 1

{% endtest %}
