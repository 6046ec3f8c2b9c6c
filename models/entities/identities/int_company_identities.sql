-- One row per cluster: the id of the company that it is.
select distinct
    cluster_id,
    cluster_id as company_id,
from {{ ref('company_clusters') }}
