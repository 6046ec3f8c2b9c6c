{#- The default chance of agreement of each comparison, and how many records it counts as, as the CTE
    `default_frequencies`; part of term_frequencies and model_frequencies. Where only other records count, it counts as
    so many that one of them has the value: a date that two people share in a small file is no common one. -#}
{% macro default_frequencies(entity) -%}
{%- set model = entity_model(entity) | selectattr('counts_others_only', 'defined') -%}
{%- set counting_others = model | map(attribute='name') | list -%}
default_frequencies as (

    select
        parameters.comparison,
        parameters.u_probability,
        {% if counting_others %}
            if(
                parameters.comparison in ('{{ counting_others | join("', '") }}'),
                greatest(
                    settings.frequency_pseudo_records,
                    coalesce(safe_divide(1, parameters.u_probability), 0)
                ),
                settings.frequency_pseudo_records
            ) as frequency_pseudo_records,
        {% else %}
            settings.frequency_pseudo_records,
        {% endif %}
    from {{ ref('default_match_parameters') }} as parameters
    inner join {{ ref('training_settings') }} as settings on parameters.entity = settings.entity
    where parameters.entity = '{{ entity }}'
    -- The highest level is exact agreement.
    qualify row_number() over (partition by parameters.comparison order by parameters.level desc) = 1

)
{%- endmacro %}
