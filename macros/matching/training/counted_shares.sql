{#- CTEs that end in `counted_shares`: the share that a relation has of all possible pairs, by its pairs that were
    counted (int_person_relation_counts) less those that matches and chance explain. Reads the CTEs `em`, `defaults`
    and `matches`. -#}
{% macro counted_shares(entity, relation_counts) %}
{%- set model = entity_model(entity) %}
counted_comparisons as (
    {% for relation, counted in counted_relations().items() %}
        {%- for compared in counted.shared + [counted.telling] %}
            {%- set comparison = model | selectattr('name', 'equalto', compared.comparison) | first %}
            select
                '{{ relation }}' as relation,
                '{{ comparison.name }}' as comparison,
                {{ 'true' if loop.last else 'false' }} as is_telling,
                {{ comparison.explained_by.get(relation, 0) }} as agreement_share,
            {% if not loop.last %}union all{% endif %}
        {%- endfor %}
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

exact_levels as (

    select
        comparison,
        max(level) as level,
    from defaults
    group by comparison

),

-- How likely a match, a chance pair and a related pair are to agree in what is shared and to be called differently.
agreements as (

    select
        counted.relation,
        {%- for counted_pairs, agreement in {
            'by_match': 'm.probability', 'by_chance': 'u.probability', 'by_relation': 'counted.agreement_share',
        }.items() %}
            exp({{ exact_sum('ln(if(counted.is_telling, 1 - ' ~ agreement ~ ', ' ~ agreement ~ '))', 9) }})
                as {{ counted_pairs }},
        {%- endfor %}
    from counted_comparisons as counted
    inner join exact_levels on counted.comparison = exact_levels.comparison
    inner join em as m
        on m.pair_class = 'match' and counted.comparison = m.name and exact_levels.level = m.level
    inner join em as u
        on u.pair_class = 'chance' and counted.comparison = u.name and exact_levels.level = u.level
    group by counted.relation

),

counted_shares as (

    select
        agreements.relation,
        greatest(
            relation_counts.n_pairs / (relation_counts.n_records * (relation_counts.n_records - 1) / 2)
            - matches.probability * agreements.by_match
            - agreements.by_chance,
            0
        ) / agreements.by_relation as probability,
    from agreements
    inner join {{ relation_counts }} as relation_counts on agreements.relation = relation_counts.relation
    cross join matches
    where relation_counts.n_records > 1

)
{% endmacro %}
