{#- Every level that a comparison gives has its parameters; without them a pair could not be weighed. -#}
{% test levels_have_parameters(model, entity) %}

with

evidence as (

    select * from {{ ref('int_' ~ entity ~ '_training_evidence') }}

),

parameters as (

    select * from {{ model }}

),

levels_met as (

    select distinct
        comparison,
        level,
    from evidence

)

select levels_met.*
from levels_met
left join parameters
    on levels_met.comparison = parameters.comparison and levels_met.level = parameters.level
where parameters.comparison is null

{% endtest %}
