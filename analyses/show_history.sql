-- What happened to an entity, and which ids ended in it.
with

events as (

    select * from {{ ref('entity_events') }}
    where {{ fill_in('entity_id') }} in (entity_id, entity_id_before)

)

select
    happened_at,
    event,
    cause,
    entity_id_before,
    entity_id,
    n_records,
from events
order by happened_at, event, entity_id_before, entity_id
