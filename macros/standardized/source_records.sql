{#- What all sources give of an entity, one row per record: its names decoded, and the source of which an entity has at
    most one record, if that is so. -#}
{% macro source_records(entity, decoded_names) %}
{%- set names = name_columns(entity) %}
with

records as (

    {{ given_by_sources(entity ~ '_records') }}

),

duplicate_free_sources as (

    select * from {{ ref('duplicate_free_sources') }}
    where entity = '{{ entity }}' and is_duplicate_free

),

decoded_names as (

    select * from {{ decoded_names }}

),

final as (

    select
        records.* except (is_source_duplicate_free, {{ names | join(', ') }}),
        {% for column in names %}
            coalesce({{ column }}s.decoded_name, records.{{ column }}) as {{ column }},
        {% endfor %}
        -- At most one record of such a source may join an entity.
        if(
            records.is_source_duplicate_free or duplicate_free_sources.source_system is not null,
            records.source_system,
            null
        ) as exclusive_source,
    from records
    left join duplicate_free_sources
        on records.source_system = duplicate_free_sources.source_system
    {% for column in names %}
        left join decoded_names as {{ column }}s on records.{{ column }} = {{ column }}s.name
    {% endfor %}

)

select * from final
{% endmacro %}
