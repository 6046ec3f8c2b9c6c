-- Every raw row is either staged or in the quarantine; none is lost and none is counted twice.
with

counts as (

    {% for raw in raw_tables() %}
        select
            '{{ raw.source }}.{{ raw.table }}' as raw_table,
            (select count(*) from {{ source(raw.source, raw.table) }}) as rows_in,
            (select count(*) from {{ ref(raw.staged) }}) as rows_staged,
            (
                select count(*)
                from {{ ref('stg_quarantine') }}
                where source = '{{ raw.source }}' and source_table = '{{ raw.table }}'
            ) as rows_quarantined,
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}

)

select *
from counts
where rows_in != rows_staged + rows_quarantined
