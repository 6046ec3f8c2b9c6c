-- One row per cluster: the id of the person that it is.
select distinct
    cluster_id,
    cluster_id as person_id,
from {{ ref('person_clusters') }}
