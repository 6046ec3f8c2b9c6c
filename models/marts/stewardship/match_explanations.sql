with

waterfalls as (

    {% for entity in ['person', 'company'] %}
        select
            '{{ entity }}' as entity,
            waterfalls.*,
            if(l.{{ entity }}_id = r.{{ entity }}_id, l.{{ entity }}_id, null) as entity_id,
        from {{ ref('int_' ~ entity ~ '_waterfalls') }} as waterfalls
        inner join {{ ref(entity ~ '_assignments') }} as l on waterfalls.record_id_l = l.record_id
        inner join {{ ref(entity ~ '_assignments') }} as r on waterfalls.record_id_r = r.record_id
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

final as (

    select
        entity,
        entity_id,
        record_id_l,
        record_id_r,
        match_weight,
        step,
        comparison,
        level,
        label,
        value_l,
        value_r,
        weight,
    from waterfalls

)

select * from final
