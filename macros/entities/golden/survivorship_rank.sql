{#- SQL of a model: the candidates for each field of an entity in the order in which they survive, and the rule that put
    each before the next. A value of several people stands behind one's own. Then the strategies decide that
    survivorship_strategies names for the field, one after the other, then the record id, so that every run chooses the
    same. -#}
{% macro survivorship_rank(entity) %}
{%- set entity_id = entity ~ '_id' %}
{%- set steps = [1, 2, 3, 4] %}
with

candidates as (

    select * from {{ ref('int_' ~ entity ~ '_field_candidates') }}

),

priorities as (

    select * from {{ ref('survivorship_priorities') }}
    where entity = '{{ entity }}'

),

strategies as (

    select
        field,
        {%- for step in steps %}
            max(if(step = {{ step }}, strategy, null)) as strategy_{{ step }},
        {%- endfor %}
    from {{ ref('survivorship_strategies') }}
    where entity = '{{ entity }}'
    group by field

),

weighed as (

    select
        candidates.*,
        case candidates.ownership when 'own' then 3 when 'few' then 2 else 1 end as ownership_evidence,
        {%- for step in steps %}
            strategies.strategy_{{ step }},
            {{ survivorship_evidence('strategies.strategy_' ~ step) }} as evidence_{{ step }},
        {%- endfor %}
    from candidates
    left join priorities
        on
            candidates.field = priorities.field
            and candidates.source_system = priorities.source_system
    left join strategies on candidates.field = strategies.field

),

ranked as (

    select
        *,
        row_number() over best_first as position,
        lead(ownership_evidence) over best_first as next_ownership_evidence,
        {%- for step in steps %}
            lead(evidence_{{ step }}) over best_first as next_evidence_{{ step }},
        {%- endfor %}
    from weighed
    window best_first as (
        partition by {{ entity_id }}, field
        order by
            ownership_evidence desc,
            {%- for step in steps %}
                evidence_{{ step }} desc,
            {%- endfor %}
            record_id,
            matching_value
    )

),

final as (

    select
        {{ entity_id }},
        field,
        position,
        value,
        matching_value,
        ownership,
        completeness,
        n_agreeing_records,
        record_id,
        source_system,
        updated_at,
        case
            when next_ownership_evidence is null then 'only_candidate'
            when ownership_evidence != next_ownership_evidence then 'own_before_shared'
            {%- for step in steps %}
                when evidence_{{ step }} != next_evidence_{{ step }} then strategy_{{ step }}
            {%- endfor %}
            else 'record_id'
        end as rule,
    from ranked

)

select * from final
{% endmacro %}
