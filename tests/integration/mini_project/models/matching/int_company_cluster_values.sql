select
    check_name,
    cluster_id,
    false as is_implausible,
from {{ ref('company_clusters') }}
cross join unnest(['postcodes']) as check_name
