"""Stops a night that would give too many records another id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from orchestrator.errors import TooManyIdsChange
from orchestrator.run_log.id_changes import IdChanges

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.bigquery.connect import Connection
    from orchestrator.run_log.run import Run

# The mart with one row per run and entity.
ID_CHANGES: Final = "entity_id_changes"
TO_DO: Final = (
    "look with 'concord diff', publish with 'concord retry --accept-changes'; the limit is "
    "CONCORD_MAX_ID_CHANGES"
)


def read_id_changes(connection: Connection, run: Run) -> dict[str, IdChanges]:
    """Return what this night would change, by entity; nothing where no earlier night compares."""
    from google.cloud.bigquery import ArrayQueryParameter

    model = next((node for node in run.manifest.values() if node.name == ID_CHANGES), None)
    if model is None:
        return {}
    sql = f"""
        select entity, id_change_share as share, partition_distance as distance
        from `{model.table}`
        where run_id in unnest(@night_ids) and id_change_share is not null
    """
    night_ids = ArrayQueryParameter("night_ids", "STRING", list(run.night_ids))
    rows = connection.query(sql, night_ids)
    return {row["entity"]: IdChanges(**dict(row)) for row in rows}


def require_few_changes(changes: Mapping[str, IdChanges], limit: float) -> None:
    """Raise when the share of changed ids of an entity is above the limit."""
    over = [change for change in changes.values() if change.share > limit]
    if over:
        told = " and ".join(f"{percent(c.share)} of {c.entity} ids" for c in over)
        raise TooManyIdsChange(f"{told} would change, allowed {percent(limit)}", TO_DO)


def percent(share: float) -> str:
    """Return a share as people read it; what is not nothing is never shown as 0."""
    value = 100 * share
    return f"{value:.1f} %" if value >= 1 or not value else f"{value:.2g} %"
