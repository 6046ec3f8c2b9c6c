with records as (
    select * from {{ source('files', 'companies') }}
)

select
    concat('files:companies:', source_system, ':', record_id) as record_id,
    coalesce((select min(value) from unnest(domains) as value), record_id) as cluster_id,
    concat('files:companies:', record_id) as distinct_record_id,
from records
