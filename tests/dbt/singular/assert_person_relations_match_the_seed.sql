-- The relations of the model and the rows of the seed related_pairs name the same comparisons: a row that only one
-- of them has would be ignored without a word.
with

seed_rows as (

    select
        relation,
        comparison,
    from {{ ref('related_pairs') }}
    where entity = 'person'

),

model_rows as (
    {% for relation, comparisons in person_relations().items() %}
        {% set outer_loop = loop %}
        {% for comparison in comparisons %}
            select
                '{{ relation }}' as relation,
                '{{ comparison }}' as comparison,
            {% if not (loop.last and outer_loop.last) %}union all{% endif %}
        {% endfor %}
    {% endfor %}
)

select
    coalesce(seed_rows.relation, model_rows.relation) as relation,
    coalesce(seed_rows.comparison, model_rows.comparison) as comparison,
from seed_rows
full outer join model_rows
    on seed_rows.relation = model_rows.relation and seed_rows.comparison = model_rows.comparison
where seed_rows.relation is null or model_rows.relation is null
