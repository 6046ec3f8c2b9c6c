{#- Which value of a field an entity keeps: source priority, then completeness, then recency; the rest breaks ties. -#}
{% macro survivorship_rank(entity_id) -%}
    row_number() over (
        partition by candidates.{{ entity_id }}, candidates.field
        order by
            -- A source that the seed does not name stands between customer databases and mail or phone systems.
            coalesce(priorities.priority, 50),
            candidates.completeness desc,
            candidates.updated_at desc nulls last,
            candidates.value,
            candidates.record_id
    )
{%- endmacro %}
