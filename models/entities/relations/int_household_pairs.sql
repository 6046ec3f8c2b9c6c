{{ config(materialized='view') }}

select
    person_id_l as id_l,
    person_id_r as id_r,
    confidence,
from {{ ref('int_person_related_pairs') }}
where relation = 'household'
