with clusters as (
    select * from {{ ref('person_clusters') }}
)

select
    l.record_id as record_id_l,
    r.record_id as record_id_r,
    6.5 as match_weight,
    0.989 as match_probability,
    6.5 as weight_emails,
    1 as level_emails,
from clusters as l
inner join clusters as r on l.cluster_id = r.cluster_id and l.record_id < r.record_id
