"""What one model or test of a build would read, and how much CPU it would take for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.plan.pairs import RulePairs
    from orchestrator.settings.groups import LimitSettings

MIB: Final = 1024**2
TIB: Final = 1024**4
# BigQuery's quota page: "Maximum CPU usage per scanned data for on-demand pricing". A query above
# it fails with billingTierLimitExceeded.
CPU_SECONDS_PER_MIB: Final = 256.0
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
    cpu_seconds: float | None = None

    @property
    def cpu_seconds_per_mib(self) -> float | None:
        """Return the CPU time for each MiB that is read."""
        if self.bytes is None or self.cpu_seconds is None:
            return None
        return self.cpu_seconds / max(self.bytes / MIB, 1.0)

    @property
    def is_over_cpu_cap(self) -> bool:
        """Say whether BigQuery would refuse the query under on-demand pricing."""
        return (self.cpu_seconds_per_mib or 0.0) > CPU_SECONDS_PER_MIB

    def cost(self, price_per_tib: float) -> float | None:
        """Return US dollars."""
        if self.bytes is None:
            return None
        return max(self.bytes, LEAST_BYTES) / TIB * price_per_tib


def look_at(
    connection: Connection,
    manifest: Mapping[str, ManifestNode],
    existing: frozenset[str],
    cpu: Mapping[str, float],
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
        return ModelPlan(node.name, unknown="local", cpu_seconds=cpu.get(node.name))
    return _dry_run(connection, node, cpu.get(node.name))


def _dry_run(connection: Connection, node: ManifestNode, cpu_seconds: float | None) -> ModelPlan:
    from google.api_core.exceptions import BadRequest, NotFound
    from google.cloud.bigquery import QueryJobConfig

    config = QueryJobConfig(dry_run=True, use_query_cache=False)
    try:
        job = connection.client.query(node.compiled, job_config=config)
    except (BadRequest, NotFound) as error:
        # For example a column that its upstream gets in this very build.
        reason = " ".join(str(error.message).split())[:200]
        return ModelPlan(node.name, unknown=f"unknown with the tables as they are: {reason}")
    return ModelPlan(node.name, int(job.total_bytes_processed or 0), cpu_seconds=cpu_seconds)


def cpu_seconds_by_model(
    connection: Connection, rules: Sequence[RulePairs], limit: LimitSettings
) -> dict[str, float]:
    """Return CPU seconds by model: of its last run, else, where pairs are compared, by the pairs.

    A slot is taken for one CPU, which is an upper bound.
    """
    found: dict[str, float] = {}
    for entity in {rule.entity for rule in rules}:
        pairs = sum(rule.pairs or 0 for rule in rules if rule.entity == entity)
        seconds = pairs / 1e6 * limit.cpu_seconds_per_million_pairs
        if pairs:
            found[f"int_{entity}_compared_pairs"] = seconds
    found.update((row["name"], row["slot_ms"] / 1000) for row in _last_slots(connection))
    return found


def _last_slots(connection: Connection) -> list[Any]:
    from google.api_core.exceptions import NotFound

    table = connection.table_id(connection.settings.ops_dataset, "node_results")
    sql = f"""
        select name, slot_ms
        from `{table}`
        where resource_type = 'model' and slot_ms > 0
        qualify row_number() over (partition by unique_id order by started_at desc) = 1
    """
    try:
        connection.client.get_table(table)
        return list(connection.query(sql))
    except NotFound:
        return []
