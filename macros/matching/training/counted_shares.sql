{#- CTEs that end in `counted_shares`: the share that a relation has of all possible pairs, by its pairs that were
    counted (int_person_relation_counts) less those that matches and chance explain. Reads the CTEs `trained` and
    `matches`. -#}
{% macro counted_shares(entity, relation_counts) %}
{%- set model = entity_model(entity) %}
exact_agreements as (

    select
        comparison,
        array_agg(m_probability order by level desc limit 1)[safe_offset(0)] as m_probability,
        array_agg(u_probability order by level desc limit 1)[safe_offset(0)] as u_probability,
    from trained
    group by comparison

),

-- How likely a match, a chance pair and a related pair are to agree in what is shared and to be called differently.
agreements as (
    {% for relation, counted in counted_relations().items() %}
        {%- set shares = namespace(product=1.0) %}
        {%- for compared in counted.shared + [counted.telling] %}
            {%- set comparison = model | selectattr('name', 'equalto', compared.comparison) | first %}
            {%- set share = (comparison.explained_by or {}).get(relation, 0) %}
            {%- set shares.product = shares.product * (1 - share if loop.last else share) %}
        {%- endfor %}
        select
            '{{ relation }}' as relation,
            {%- for class, agreement in {'match': 'm_probability', 'chance': 'u_probability'}.items() %}
                {%- for compared in counted.shared %}
                    max(if(comparison = '{{ compared.comparison }}', {{ agreement }}, null)) *
                {%- endfor %}
                (1 - max(if(comparison = '{{ counted.telling.comparison }}', {{ agreement }}, null)))
                    as by_{{ class }},
            {%- endfor %}
            {{ shares.product }} as by_relation,
        from exact_agreements
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

counted_shares as (

    select
        agreements.relation,
        greatest(
            relation_counts.n_pairs / (relation_counts.n_records * (relation_counts.n_records - 1) / 2)
            - matches.probability * agreements.by_match
            - agreements.by_chance,
            0
        ) / nullif(agreements.by_relation, 0) as probability,
    from agreements
    inner join {{ relation_counts }} as relation_counts on agreements.relation = relation_counts.relation
    cross join matches
    where relation_counts.n_records > 1

)
{% endmacro %}
