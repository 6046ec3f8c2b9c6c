select
    check_name,
    cluster_id,
    false as is_implausible,
from {{ ref('person_clusters') }}
cross join unnest(['postcodes']) as check_name
