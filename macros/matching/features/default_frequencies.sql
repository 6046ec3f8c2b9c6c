{#- The default chance of agreement of each comparison, and how many records it counts as, as the CTE
    `default_frequencies`; part of term_frequencies and model_frequencies. -#}
{% macro default_frequencies(entity) -%}
default_frequencies as (

    select
        parameters.comparison,
        parameters.u_probability,
        settings.frequency_pseudo_records,
    from {{ ref('default_match_parameters') }} as parameters
    inner join {{ ref('training_settings') }} as settings on parameters.entity = settings.entity
    where parameters.entity = '{{ entity }}'
    -- The highest level is exact agreement.
    qualify row_number() over (partition by parameters.comparison order by parameters.level desc) = 1

)
{%- endmacro %}
