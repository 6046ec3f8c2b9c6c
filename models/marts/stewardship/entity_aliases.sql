select
    entity,
    retired_id,
    entity_id,
    successor_id,
    event,
    cause,
    run_id,
    retired_at,
from {{ ref('int_entity_aliases') }}
