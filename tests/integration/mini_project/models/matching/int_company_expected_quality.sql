select
    0.9876 as expected_precision,
    0.9512 as expected_precision_lower,
    0.9951 as expected_precision_upper,
    cast(null as float64) as expected_recall,
    cast(null as float64) as expected_recall_lower,
    0.8125 as expected_recall_upper,
from (
    select count(*) as n_pairs from {{ ref('company_pairs') }}
)
