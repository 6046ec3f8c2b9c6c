-- What became of the rows of each raw table.
with

staged as (

    {% for raw in raw_tables() %}
        select
            '{{ raw.source }}' as source,
            '{{ raw.table }}' as source_table,
            '{{ raw.staged }}' as table_name,
            count(*) as n_rows,
            max(synced_at) as last_synced_at,
        from {{ ref(raw.staged) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

quarantined as (

    select
        source,
        source_table,
        count(*) as n_quarantined_rows,
    from {{ ref('stg_quarantine') }}
    group by source, source_table

),

final as (

    select
        staged.*,
        coalesce(quarantined.n_quarantined_rows, 0) as n_quarantined_rows,
    from staged
    left join quarantined
        on staged.source = quarantined.source and staged.source_table = quarantined.source_table

)

select * from final
