-- Every raw row is either staged or in the quarantine; none is lost and none is counted twice.
with

counts as (

    {% for raw in raw_tables() %}
        select
            '{{ raw.source }}.{{ raw.table }}' as raw_table,
            count(*) as rows_in,
            0 as rows_staged,
            0 as rows_quarantined,
        from {{ source(raw.source, raw.table) }}
        union all
        select
            '{{ raw.source }}.{{ raw.table }}' as raw_table,
            0 as rows_in,
            count(*) as rows_staged,
            0 as rows_quarantined,
        from {{ ref(raw.staged) }}
        union all
    {% endfor %}
    select
        source || '.' || source_table as raw_table,
        0 as rows_in,
        0 as rows_staged,
        count(*) as rows_quarantined,
    from {{ ref('stg_quarantine') }}
    group by source, source_table

),

balance as (

    select
        raw_table,
        sum(rows_in) as rows_in,
        sum(rows_staged) as rows_staged,
        sum(rows_quarantined) as rows_quarantined,
    from counts
    group by raw_table

)

select *
from balance
where rows_in != rows_staged + rows_quarantined
