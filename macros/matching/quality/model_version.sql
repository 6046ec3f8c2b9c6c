{#- The trained model with a name of its own: a fingerprint of its rounded parameters, the same for the same model.
    Text of a FLOAT64 differs between engines, so it is rounded by format. -#}
{% macro model_version(parameters) %}
with

parameters as (

    select * from {{ parameters }}

),

fingerprint as (

    select
        to_hex(
            sha256(
                string_agg(
                    format('%s %d %.6f %.4f', comparison, level, m_probability, match_weight), ','
                    order by comparison, level
                )
            )
        ) as text,
    from parameters

),

versioned as (

    select
        substr(fingerprint.text, 1, 16) as model_version,
        parameters.comparison,
        parameters.level,
        parameters.m_probability,
        parameters.u_probability,
        parameters.match_weight,
        parameters.n_rounds,
    from parameters
    cross join fingerprint

)

select * from versioned
{% endmacro %}
