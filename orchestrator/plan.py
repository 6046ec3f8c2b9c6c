"""What a build would read, cost and compare, found out before it starts.

Bytes come from BigQuery's dry run of every compiled model, pairs from the sizes of the blocks. Both
look at the tables of the last build: what is not there yet is said to be unknown, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from orchestrator.dbt_runner import project_manifest
from orchestrator.errors import BudgetExceeded
from orchestrator.plan_pairs import RulePairs, count_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestrator.artifacts import ManifestNode
    from orchestrator.dbt_runner import DbtRunner
    from orchestrator.setting_groups import LimitSettings
    from orchestrator.warehouse_client import Connection

MIB: Final = 1024**2
TIB: Final = 1024**4
# BigQuery's quota page: "Maximum CPU usage per scanned data for on-demand pricing". A query above
# it fails with billingTierLimitExceeded.
CPU_SECONDS_PER_MIB: Final = 256.0
# The least that BigQuery bills for a query.
LEAST_BYTES: Final = 10 * MIB
PARALLEL_DRY_RUNS: Final = 8
# Sources and seeds are there or not; nothing else of a manifest has rows.
WITH_ROWS: Final = frozenset({"model", "seed", "snapshot", "source"})


@dataclass(frozen=True, slots=True)
class ModelPlan:
    """One model. `bytes` is None when it is unknown, and `unknown` says why."""

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


@dataclass(frozen=True, slots=True)
class Plan:
    """All models and rules. `rules` is None where the blocks of an entity are not there."""

    models: tuple[ModelPlan, ...]
    rules: tuple[RulePairs, ...]
    price_per_tib: float
    is_local: bool

    @property
    def bytes(self) -> int:
        """Return the bytes of the models whose bytes are known."""
        return sum(model.bytes or 0 for model in self.models)

    @property
    def cost(self) -> float:
        """Return the US dollars of the models whose bytes are known."""
        return sum(model.cost(self.price_per_tib) or 0.0 for model in self.models)

    @property
    def pairs(self) -> int:
        """Return the pairs to compare; a pair that two rules find counts twice."""
        return sum(rule.pairs or 0 for rule in self.rules)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Name the models and entities that nothing is known of."""
        models = [model.name for model in self.models if model.bytes is None]
        return (*models, *(rule.entity for rule in self.rules if rule.pairs is None))


def make_plan(
    connection: Connection,
    runner: DbtRunner,
    select: Sequence[str] = (),
    exclude: Sequence[str] = (),
) -> Plan:
    """Compile the selection and look at it; nothing is built.

    The local warehouse runs a query to answer its dry run and says 0 bytes, so it is not asked.
    """
    settings = connection.settings
    manifest = _compile(runner, select, exclude)
    models = [node for node in manifest.values() if node.compiled and node.resource_type == "model"]
    existing = _existing_tables(connection, manifest)
    rules = count_pairs(connection, manifest, existing)
    cpu = _cpu_seconds(connection, rules, settings.limit)
    look = partial(_look, connection, manifest, existing, cpu)
    if settings.is_local:
        planned = [look(node) for node in models]
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(PARALLEL_DRY_RUNS) as pool:
            planned = list(pool.map(look, models))
    return Plan(tuple(planned), rules, settings.limit.price_per_tib, settings.is_local)


def check_budget(plan: Plan, max_cost: float | None, max_pairs: int | None) -> None:
    """Raise when what is known already exceeds a limit; what is unknown cannot stop a run."""
    if max_cost is not None and plan.cost > max_cost:
        raise BudgetExceeded(
            f"the models would cost ${plan.cost:,.2f}; the limit is ${max_cost:,.2f}",
            "look at 'concord plan'; build less with --select, or raise CONCORD_LIMIT_MAX_COST",
        )
    if max_pairs is not None and plan.pairs > max_pairs:
        largest = max(plan.rules, key=lambda rule: rule.pairs or 0)
        raise BudgetExceeded(
            f"{plan.pairs:,} pairs to compare; the limit is {max_pairs:,}. Most come from the "
            f"{largest.entity} rule {largest.rule} ({largest.pairs:,})",
            "lower max_records of that rule in its seed, or raise CONCORD_LIMIT_MAX_PAIRS",
        )


def _compile(
    runner: DbtRunner, select: Sequence[str], exclude: Sequence[str]
) -> Mapping[str, ManifestNode]:
    wanted = [word for text in select for word in text.split()]
    models = [f"{word},resource_type:model" for word in wanted] or ["resource_type:model"]
    leave = ("--exclude", *exclude) if exclude else ()
    return project_manifest(runner, "compile", "--select", *models, *leave)


def _existing_tables(
    connection: Connection, manifest: Mapping[str, ManifestNode]
) -> frozenset[str]:
    from google.api_core.exceptions import NotFound

    found: set[str] = set()
    relations = [plain(node) for node in manifest.values() if node.resource_type in WITH_ROWS]
    for dataset in sorted({name.rpartition(".")[0] for name in relations if name}):
        try:
            tables = list(connection.client.list_tables(dataset))
        except NotFound:
            continue
        found.update(f"{dataset}.{table.table_id}" for table in tables)
    return frozenset(found)


def plain(node: ManifestNode) -> str:
    """Return the table of a node without quotes."""
    return (node.relation or "").replace("`", "")


def _look(
    connection: Connection,
    manifest: Mapping[str, ManifestNode],
    existing: frozenset[str],
    cpu: Mapping[str, float],
    node: ManifestNode,
) -> ModelPlan:
    upstream = [manifest[name] for name in node.depends_on if name in manifest]
    missing = [
        found.name
        for found in upstream
        if found.resource_type in WITH_ROWS and plain(found) and plain(found) not in existing
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


def _cpu_seconds(
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
