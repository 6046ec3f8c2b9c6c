{#- The trained model in one row, as the CTE `model`: an array of weights per comparison, indexed by level + 1, so
    that no pair is joined to the parameters. Level -1 (unknown) weighs nothing. Reads the CTEs `parameters` and
    `relations`; part of scored_pairs. -#}
{% macro weights_in_one_row(model) %}
model as (

    select
        {%- for comparison in model %}
            (
                select array_concat([0.0], array_agg(match_weight order by level))
                from parameters
                where comparison = '{{ comparison.name }}'
            ) as {{ comparison.name }}_weights,
        {%- endfor %}
        {%- for comparison in model | selectattr('term_frequency', 'defined') %}
            (
                select array_agg(u_probability order by level desc limit 1)[safe_offset(0)]
                from parameters
                where comparison = '{{ comparison.name }}'
            ) as {{ comparison.name }}_exact_u,
        {%- endfor %}
        (select max(match_weight) from parameters where comparison = 'prior') as prior_weight,
        {%- for relation, explained in model_relations(model).items() %}
            (
                select coalesce(max(match_weight), -100)
                from parameters
                where comparison = 'prior_{{ relation }}'
            ) as {{ relation }}_weight,
            {%- for comparison in explained %}
                (
                    select coalesce(max(agreement_share), 0)
                    from relations
                    where relation = '{{ relation }}' and comparison = '{{ comparison }}'
                ) as {{ relation }}_{{ comparison }}_share,
            {%- endfor %}
        {%- endfor %}

)
{% endmacro %}
