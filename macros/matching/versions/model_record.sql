{#- One row: what concord_ops.match_models keeps of the model of an entity. -#}
{% macro model_record(entity, version, parameters, convergence, expected_quality) %}
with

parameters as (

    select
        array_agg(
            struct(
                comparison as comparison,
                level as level,
                label as label,
                m_probability as m_probability,
                u_probability as u_probability,
                match_weight as match_weight,
                n_rounds as n_rounds
            )
            order by comparison, level
        ) as parameters,
    from {{ parameters }}

),

final as (

    select
        version.model_version,
        '{{ entity }}' as entity,
        {{ run_started() }} as trained_at,
        thresholds.accept_weight,
        thresholds.review_weight,
        thresholds.lowest_pair_weight,
        convergence.n_training_rounds,
        convergence.is_training_settled,
        convergence.training_change,
        quality.n_records,
        quality.expected_precision,
        quality.expected_recall,
        quality.expected_f1,
        parameters.parameters,
    from {{ version }} as version
    cross join parameters
    cross join {{ convergence }} as convergence
    cross join {{ expected_quality }} as quality
    cross join {{ ref('match_thresholds') }} as thresholds
    where thresholds.entity = '{{ entity }}'

)

select * from final
{% endmacro %}
