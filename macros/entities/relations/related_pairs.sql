{#- SQL of a model: the people or companies that the matching knows as different and related, one row per pair and
    relation. The confidence is the chance that the pair is related in this way, given that it is not one entity: the
    relation's share of the odds of all that explains the agreement. -#}
{% macro related_pairs(entity) %}
{%- set entity_id = entity ~ '_id' %}
{%- set compared = entity_model(entity) %}
{%- set explained_by_relation = model_relations(compared) %}
with

pairs as (

    select * from {{ ref(entity ~ '_pairs') }}
    -- Below, chance explains the agreement better than all relations together.
    where weight_related <= -1

),

parameters as (

    select * from {{ ref(entity ~ '_match_parameters') }}

),

relations as (

    select * from {{ ref('int_relations') }}
    where entity = '{{ entity }}'

),

thresholds as (

    select * from {{ ref('relation_thresholds') }}
    where entity = '{{ entity }}'

),

-- Pairs are many, and their keys are narrower than the ids of their records.
assignments as (

    select
        farm_fingerprint(record_id) as record_key,
        {{ entity_id }},
    from {{ ref(entity ~ '_assignments') }}

),

{{ weights_in_one_row(compared) }},

weighed as (

    select
        pairs.record_key_l,
        pairs.record_key_r,
        {%- for relation, explained in explained_by_relation.items() %}
            {{ relation_odds(relation, compared | selectattr('name', 'in', explained) | list) }} as {{ relation }}_odds,
        {%- endfor %}
    from pairs
    cross join model

),

record_pairs as (

    select
        weighed.record_key_l,
        weighed.record_key_r,
        found.relation,
        found.odds / (1 {%- for relation in explained_by_relation %} + weighed.{{ relation }}_odds{% endfor %})
            as confidence,
    from weighed
    cross join
        unnest([
            {%- for relation in explained_by_relation %}
                struct('{{ relation }}' as relation, weighed.{{ relation }}_odds as odds){{ ',' if not loop.last }}
            {%- endfor %}
        ]) as found

),

-- Records with little on them are related with less confidence than those with more: the most telling pair counts.
entity_pairs as (

    select
        least(l.{{ entity_id }}, r.{{ entity_id }}) as {{ entity_id }}_l,
        greatest(l.{{ entity_id }}, r.{{ entity_id }}) as {{ entity_id }}_r,
        record_pairs.relation,
        max(record_pairs.confidence) as confidence,
    from record_pairs
    inner join thresholds on record_pairs.relation = thresholds.relation
    inner join assignments as l on record_pairs.record_key_l = l.record_key
    inner join assignments as r on record_pairs.record_key_r = r.record_key
    where
        l.{{ entity_id }} != r.{{ entity_id }}
        and record_pairs.confidence >= thresholds.least_confidence
    group by {{ entity_id }}_l, {{ entity_id }}_r, record_pairs.relation

)

select * from entity_pairs
{% endmacro %}
