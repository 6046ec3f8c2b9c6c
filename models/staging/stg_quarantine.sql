{{ config(materialized='table') }}

with

quarantined as (

    {% for raw in raw_tables() %}
        select
            '{{ raw.source }}' as source,
            '{{ raw.table }}' as source_table,
            row_id as source_id,
            quarantine_reason as reason,
            row_json,
            row_synced_at as synced_at,
        from {{ ref(raw.base) }}
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
