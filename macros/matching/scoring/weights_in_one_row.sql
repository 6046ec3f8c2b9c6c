{#- The trained model in one row, as the CTE `model`: an array of weights per comparison, indexed by level + 1, so
    that no pair is joined to the parameters. Level -1 (unknown) weighs nothing. Reads each of the CTEs `parameters` and
    `relations` once; part of scored_pairs. -#}
{% macro weights_in_one_row(model) %}
relation_shares as (

    select
        {%- for relation, explained in model_relations(model).items() %}
            {%- for comparison in explained %}
                coalesce(
                    max(if(relation = '{{ relation }}' and comparison = '{{ comparison }}', agreement_share, null)), 0
                ) as {{ relation }}_{{ comparison }}_share,
            {%- endfor %}
        {%- endfor %}
        -- A column that is there also where no relation explains anything.
        count(*) as n_relation_shares,
    from relations

),

weights as (

    select
        {%- for comparison in model %}
            array_concat(
                [0.0],
                array_agg(if(comparison = '{{ comparison.name }}', match_weight, null) ignore nulls order by level)
            ) as {{ comparison.name }}_weights,
        {%- endfor %}
        {%- for comparison in model | selectattr('term_frequency', 'defined') %}
            array_agg(
                if(comparison = '{{ comparison.name }}', u_probability, null) ignore nulls
                order by level desc
            )[safe_offset(0)] as {{ comparison.name }}_exact_u,
        {%- endfor %}
        {%- for relation in model_relations(model) %}
            coalesce(max(if(comparison = 'prior_{{ relation }}', match_weight, null)), -100) as {{ relation }}_weight,
        {%- endfor %}
        max(if(comparison = 'prior', match_weight, null)) as prior_weight,
    from parameters

),

model as (

    select
        weights.*,
        relation_shares.*,
    from weights
    cross join relation_shares

)
{% endmacro %}
