"""What one model or test of a build would read, and what that would cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.artifacts import ManifestNode

MIB: Final = 1024**2
TIB: Final = 1024**4
# The least that BigQuery bills for a query.
LEAST_BYTES: Final = 10 * MIB
# Sources and seeds are there or not; nothing else of a manifest has rows.
WITH_ROWS: Final = frozenset({"model", "seed", "snapshot", "source"})


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """One model or test. `bytes` is None when it is unknown, and `unknown` says why."""

    name: str
    bytes: int | None = None
    unknown: str = ""

    def cost(self, price_per_tib: float) -> float | None:
        """Return US dollars."""
        if self.bytes is None:
            return None
        return max(self.bytes, LEAST_BYTES) / TIB * price_per_tib


def look_at(
    connection: Connection,
    manifest: Mapping[str, ManifestNode],
    existing: frozenset[str],
    node: ManifestNode,
) -> ModelPlan:
    """Say what a compiled model or test would read, or why that is unknown."""
    upstream = [manifest[name] for name in node.depends_on if name in manifest]
    missing = [
        found.name
        for found in upstream
        if found.resource_type in WITH_ROWS and found.table and found.table not in existing
    ]
    if missing:
        return ModelPlan(node.name, unknown=f"unknown until {', '.join(missing)} exists")
    if connection.settings.is_local:
        return ModelPlan(node.name, unknown="local")
    return _dry_run(connection, node)


def _dry_run(connection: Connection, node: ManifestNode) -> ModelPlan:
    from google.api_core.exceptions import BadRequest, NotFound
    from google.cloud.bigquery import QueryJobConfig

    config = QueryJobConfig(dry_run=True, use_query_cache=False)
    try:
        job = connection.client.query(node.compiled, job_config=config)
    except (BadRequest, NotFound) as error:
        # For example a column that its upstream gets in this very build.
        reason = " ".join(str(error.message).split())[:200]
        return ModelPlan(node.name, unknown=f"unknown with the tables as they are: {reason}")
    return ModelPlan(node.name, int(job.total_bytes_processed or 0))
