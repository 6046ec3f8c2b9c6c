{#- The trained model of an entity with its name. -#}
{% macro model_version(parameters, version) %}
with

parameters as (

    select * from {{ parameters }}

),

version as (

    select * from {{ version }}

),

versioned as (

    select
        version.model_version,
        parameters.comparison,
        parameters.level,
        parameters.m_probability,
        parameters.u_probability,
        parameters.match_weight,
        parameters.n_rounds,
    from parameters
    cross join version

)

select * from versioned
{% endmacro %}
