select
    0.9876 as expected_precision,
    cast(null as float64) as expected_recall,
from (
    select count(*) as n_pairs from {{ ref('person_pairs') }}
)
