{{ config(severity='warn') }}

-- Twelve people of one family at one address are rare; more often a telephone or a street of many says too much here.
select
    household_id,
    n_persons,
from {{ ref('households') }}
where n_persons > 12
