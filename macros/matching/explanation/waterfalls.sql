{#- The waterfall of pairs, one row per pair and comparison: the level, both values and the weight, from the prior
    down. Levels and weights come from the macros of the matching, so that any two records can be explained, whether
    the matching looked at them or not; `pairs` has the columns of candidate_pairs. A comparison that is unknown for a
    missing value weighs nothing and has no row. `name_pairs` are those of the pairs of companies, where a model has
    them (company_name_pairs). -#}
{% macro waterfalls(entity, pairs, name_pairs=none) %}
{%- set model = entity_model(entity) -%}
with

wanted_pairs as (

    select * from {{ pairs }}

),

features as (

    select * from {{ ref('int_' ~ entity ~ '_features') }}

),

parameters as (

    select * from {{ ref(entity ~ '_match_parameters') }}

),

compared as (
    {% if entity == 'person' %}
        {{- compared_person_pairs('wanted_pairs') }}
    {%- else %}
        {{- compared_company_pairs('wanted_pairs', name_pairs or '(' ~ company_name_pairs('wanted_pairs') ~ ')') }}
    {%- endif %}
),

scored as (
    {{- scored_pairs(entity, 'compared', with_levels=true) }}
),

described as (

    select
        scored.*,
        {%- for comparison in model %}
            {{ compared_value(comparison, 'l') }} as {{ comparison.name }}_seen_l,
            {{ compared_value(comparison, 'r') }} as {{ comparison.name }}_seen_r,
        {%- endfor %}
    from scored
    inner join features as l on scored.record_id_l = l.record_id
    inner join features as r on scored.record_id_r = r.record_id

),

unfolded as (

    select
        described.record_id_l,
        described.record_id_r,
        described.match_weight,
        part.step,
        part.comparison,
        part.level,
        part.value_l,
        part.value_r,
        part.weight,
    from described
    cross join unnest([
        struct(
            0 as step,
            'prior' as comparison,
            cast(null as int64) as level,
            cast(null as string) as value_l,
            cast(null as string) as value_r,
            described.weight_prior as weight
        ),
        {%- for comparison in model %}
            struct(
                {{ loop.index }} as step,
                '{{ comparison.name }}' as comparison,
                described.{{ comparison.name }}_level as level,
                described.{{ comparison.name }}_seen_l as value_l,
                described.{{ comparison.name }}_seen_r as value_r,
                described.weight_{{ comparison.name }} as weight
            ),
        {%- endfor %}
        struct(
            {{ model | length + 1 }} as step,
            'related' as comparison,
            cast(null as int64) as level,
            cast(null as string) as value_l,
            cast(null as string) as value_r,
            described.weight_related as weight
        )
    ]) as part

),

final as (

    select
        unfolded.record_id_l,
        unfolded.record_id_r,
        unfolded.match_weight,
        unfolded.step,
        unfolded.comparison,
        unfolded.level,
        case
            when unfolded.comparison = 'prior' then 'two records taken at random'
            when unfolded.comparison = 'related'
                then 'agreement that a {{ model_relations(model).keys() | join(" or a ") or "relation" }} explains'
            when unfolded.level = -1 then 'nothing can be said'
            else parameters.label
        end as label,
        unfolded.value_l,
        unfolded.value_r,
        unfolded.weight,
    from unfolded
    left join parameters
        on unfolded.comparison = parameters.comparison and unfolded.level = parameters.level
    where
        coalesce(unfolded.level, 0) >= 0
        or (unfolded.value_l is not null and unfolded.value_r is not null)

)

select * from final
{% endmacro %}
