{{ config(materialized='view') }}

-- Step 4.4 of docs/model/matching.md: kinds of different people and companies whose records agree for a reason,
-- `explained_by` of person_model and company_model.
with

relations as (
    {% for entity in ['person', 'company'] %}
        {% set outer_loop = loop %}
        {% for comparison in entity_model(entity) | selectattr('explained_by', 'defined') %}
            {% set comparison_loop = loop %}
            {% for relation, agreement_share in comparison.explained_by.items() %}
                select
                    '{{ entity }}' as entity,
                    '{{ relation }}' as relation,
                    '{{ comparison.name }}' as comparison,
                    {{ agreement_share }} as agreement_share,
                {% if not (outer_loop.last and comparison_loop.last and loop.last) %}union all{% endif %}
            {% endfor %}
        {% endfor %}
    {% endfor %}
)

select * from relations
