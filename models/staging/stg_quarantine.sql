{{ config(materialized='table') }}

with

quarantined as (

    {% for raw in raw_tables() %}
        select
            '{{ raw.source }}' as source_system,
            '{{ raw.table }}' as source_table,
            cast({{ raw.key }} as string) as source_id,
            quarantine_reason as reason,
            row_json,
            {{ raw.synced }} as synced_at,
        from {{ ref('base_' ~ raw.source ~ '__' ~ raw.table) }}
        where quarantine_reason is not null
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

),

final as (

    select
        *,
        current_timestamp() as quarantined_at,
    from quarantined

)

select * from final
