{#- A new source: its own int_<source>__company_records in the staging folder, and its name in this list. -#}
{%- set sources = ['salesforce', 'hubspot', 'files'] | select('in', enabled_sources()) -%}
{%- set names = ['company_name'] -%}
with

records as (

    {% for source in sources %}
        select * from {{ ref('int_' ~ source ~ '__company_records') }}
        {% if not loop.last %}
            union all by name
        {% endif %}
    {% else %}
        -- No enabled source has companies: an empty table of the same shape.
        select
            cast(null as string) as record_id,
            cast(null as string) as source_system,
            cast(null as string) as source_table,
            cast(null as string) as source_id,
            cast(null as string) as company_name,
            cast([] as array<string>) as domains,
            cast([] as array<string>) as emails,
            cast([] as array<string>) as phones,
            cast(null as string) as street,
            cast(null as string) as city,
            cast(null as string) as region,
            cast(null as string) as postcode,
            cast(null as string) as country,
            {{ no_identifiers() }} as identifiers,
            cast([] as array<string>) as linked_record_ids,
            false as is_source_duplicate_free,
            cast(null as timestamp) as updated_at
        limit 0
    {% endfor %}

),

duplicate_free_sources as (

    select * from {{ ref('duplicate_free_sources') }}
    where entity = 'company' and is_duplicate_free

),

{{ decoded_name_ctes('records', names) }},

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
