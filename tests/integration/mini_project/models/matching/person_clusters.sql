with records as (
    select * from {{ source('files', 'people') }}
)

select
    concat('files:people:', source_system, ':', record_id) as record_id,
    coalesce((select min(value) from unnest(emails) as value), record_id) as cluster_id,
    concat('files:people:', record_id) as distinct_record_id,
from records
