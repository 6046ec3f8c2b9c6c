select
    'name_and_phone' as check_name,
    cluster_id,
    false as is_implausible,
from {{ ref('company_clusters') }}
