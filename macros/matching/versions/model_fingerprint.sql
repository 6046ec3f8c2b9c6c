{#- One row: the name of a model, of people and companies together, because people are compared on the companies found
    for them. It is a fingerprint of the rounded parameters, of the term frequencies, of the thresholds and of the
    settings of the training: the same for the same model. Text of a FLOAT64 differs between engines, so it is rounded
    by format. -#}
{% macro model_fingerprint(parameters, frequencies, settings) %}
with

parts as (
    {% for entity, relation in parameters.items() %}
        select format('%s %s %d %.6f %.4f', '{{ entity }}', comparison, level, m_probability, match_weight) as part
        from {{ relation }}
        union all
    {%- endfor %}
    {%- for relation in settings %}
        select to_json_string(setting) as part
        from {{ relation }} as setting
        union all
    {%- endfor %}
    {%- for relation in frequencies %}
        select
            format(
                '%s %s %d %d',
                entity,
                attribute,
                count(*),
                bit_xor(farm_fingerprint(format('%s %.9f', coalesce('=' || value, ''), frequency)))
            ) as part,
        from {{ relation }}
        group by entity, attribute
        {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

final as (

    select substr(to_hex(sha256(string_agg(part, ',' order by part))), 1, 16) as model_version
    from parts

)

select * from final
{% endmacro %}
