"""What an entity was part of, one by one: too many for the snapshot, so the warehouse is asked."""

from __future__ import annotations

import threading
from typing import Annotated, Any, Final

from cachetools import TTLCache
from fastapi import APIRouter, Query

from orchestrator.api.documents import Rows
from orchestrator.api.problems import Refusal, refusals
from orchestrator.api.routes.entities import OF_PATH, EntityId, Kind
from orchestrator.api.service import CallerOf, Service, ServiceOf
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.bigquery.patience import ANSWERED_WITHIN
from orchestrator.serving.lookup import checked_entity, golden
from orchestrator.serving.snapshot import Snapshot

router = APIRouter(tags=["entities"])

KEPT_SECONDS: Final = 600.0
MOST_KEPT: Final = 1000
ASKED: Final = """
select
    interactions.interaction_id,
    interactions.channel,
    interactions.direction,
    interactions.occurred_at,
    interactions.subject,
    interactions.duration_seconds,
    participants.participant_role,
from `{participants}` as participants
inner join `{interactions}` as interactions
    on participants.interaction_id = interactions.interaction_id
where participants.{entity}_id = @entity_id
order by interactions.occurred_at desc, interactions.interaction_id
limit @most
"""
Answers = TTLCache[tuple[str, str, int], list[dict[str, Any]]]
# Of one snapshot: a newer run has another name.
_kept: Answers = TTLCache(MOST_KEPT, KEPT_SECONDS)
_guard = threading.Lock()


@router.get(
    "/{kind}/{entity_id}/interactions",
    responses=refusals("unknown_id", "warehouse", "too_slow", "too_many"),
)
def interactions(
    service: ServiceOf,
    caller: CallerOf,
    kind: Kind,
    entity_id: EntityId,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Rows:
    """Return the latest messages and calls, the newest first; this asks the warehouse itself."""
    service.count(caller, "interactions", service.settings.serve.searches_per_minute)
    snapshot = service.snapshot
    entity = OF_PATH[kind]
    if golden(snapshot, entity, entity_id) is None:
        raise Refusal("unknown_id", f"no entry in {kind} has this id")
    service.audit(caller, "read interactions", entity_id)
    rows = latest_interactions(service, snapshot, entity, entity_id, limit)
    return Rows(**service.as_of(snapshot), rows=service.shown(caller, rows))


def latest_interactions(
    service: Service, snapshot: Snapshot, entity: str, entity_id: str, limit: int
) -> list[dict[str, Any]]:
    """Return the latest interactions, as the warehouse has them or had them a moment ago."""
    key = (snapshot.file.name, entity_id, limit)
    with _guard:
        rows = _kept.get(key)
    if rows is None:
        rows = _asked(service, entity, entity_id, limit)
        with _guard:
            _kept[key] = rows
    return rows


def _asked(service: Service, entity: str, entity_id: str, limit: int) -> list[dict[str, Any]]:
    from google.api_core.exceptions import RetryError
    from google.cloud.bigquery import ScalarQueryParameter

    try:
        connection = service.connect()
        published = connection.settings.published_dataset
        sql = ASKED.format(
            participants=connection.table_id(published, "fct_interaction_participants"),
            interactions=connection.table_id(published, "fct_interactions"),
            entity=checked_entity(entity),
        )
        found = connection.query(
            sql,
            ScalarQueryParameter("entity_id", "STRING", entity_id),
            ScalarQueryParameter("most", "INT64", limit),
            patience=ANSWERED_WITHIN,
        )
        rows = [dict(row) for row in found]
    except (TimeoutError, RetryError) as error:
        raise Refusal("too_slow", "ask again later; everything else is answered") from error
    except Exception as error:
        known = as_concord_error(error)
        if known is None:
            raise
        raise Refusal("warehouse", known.message) from error
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def _plain(value: Any) -> Any:  # noqa: ANN401 - of a cell
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "strftime") else value
