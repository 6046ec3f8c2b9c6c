"""What a build would read, cost and compare, found out before it starts.

Bytes come from BigQuery's dry run of every compiled model, pairs from the sizes of the blocks. Both
look at the tables of the last build: what is not there yet is said to be unknown, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from orchestrator.dbt.request import NOT_AT_NIGHT
from orchestrator.dbt.runner import project_manifest
from orchestrator.errors import BudgetExceeded
from orchestrator.plan.latency import ITERATED, Latency, estimate
from orchestrator.plan.models import WITH_ROWS, ModelPlan, look_at
from orchestrator.plan.pairs import MODEL as PAIRS
from orchestrator.plan.pairs import RulePairs, count_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from orchestrator.bigquery.connect import Connection
    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.dbt.runner import DbtRunner

PARALLEL_DRY_RUNS: Final = 8
# What reads tables when a build runs. Seeds are written, unit tests read nothing.
READING: Final = ("model", "test")
# As in profiles.yml: what a build in production takes where nothing else is set.
CLOUD_THREADS: Final = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """All models, rules and tests. The rules are None where nothing has counted their pairs."""

    models: tuple[ModelPlan, ...]
    rules: tuple[RulePairs, ...] | None
    price_per_tib: float
    is_local: bool
    tests: tuple[ModelPlan, ...] = ()
    latency: Latency | None = None

    @property
    def statements(self) -> tuple[ModelPlan, ...]:
        """Return what reads: the models and the tests."""
        return (*self.models, *self.tests)

    @property
    def bytes(self) -> int:
        """Return the bytes of the models and tests whose bytes are known."""
        return sum(statement.bytes or 0 for statement in self.statements)

    @property
    def cost(self) -> float:
        """Return the US dollars of the models and tests whose bytes are known."""
        return sum(found.cost(self.price_per_tib) or 0.0 for found in self.statements)

    @property
    def pairs(self) -> int:
        """Return the pairs to compare; a pair that two rules find counts twice."""
        return sum(rule.pairs for rule in self.rules or ())

    @property
    def unknown(self) -> tuple[str, ...]:
        """Name the models and tests that nothing is known of, and the model that counts pairs."""
        names = [found.name for found in self.statements if found.bytes is None]
        return (*names, PAIRS) if self.rules is None else tuple(names)


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
    nodes = [node for node in manifest.values() if node.compiled and node.resource_type in READING]
    existing = _existing_tables(connection, manifest)
    rules = count_pairs(connection, manifest, existing)
    look = partial(look_at, connection, manifest, existing)
    if settings.is_local:
        planned = [look(node) for node in nodes]
    else:
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(PARALLEL_DRY_RUNS) as pool:
            planned = list(pool.map(look, nodes))
    by_type: dict[str, list[ModelPlan]] = {kind: [] for kind in READING}
    for node, found in zip(nodes, planned, strict=True):
        by_type[node.resource_type].append(found)
    models, tests = (tuple(by_type[kind]) for kind in READING)
    seeds = [node for node in manifest.values() if node.resource_type == "seed" and not select]
    built = (*nodes, *seeds)
    latency = estimate(
        manifest,
        [node.unique_id for node in built],
        _rounds(connection, nodes, existing),
        settings.threads or CLOUD_THREADS,
        # Taken to be of this very project: a night after one that has built it.
        [node.unique_id for node in built if _stays(node) and node.table in existing],
    )
    return Plan(models, rules, settings.limit.price_per_tib, settings.is_local, tests, latency)


def check_budget(plan: Plan, max_cost: float | None, max_pairs: int | None) -> None:
    """Raise when what is known already exceeds a limit; what is unknown cannot stop a run."""
    if max_cost is not None and plan.cost > max_cost:
        raise BudgetExceeded(
            f"the models and tests would cost ${plan.cost:,.2f}; the limit is ${max_cost:,.2f}",
            "look at 'concord plan'; build less with --select, or raise CONCORD_LIMIT_MAX_COST",
        )
    if max_pairs is not None and plan.rules and plan.pairs > max_pairs:
        largest = max(plan.rules, key=lambda rule: rule.pairs)
        raise BudgetExceeded(
            f"{plan.pairs:,} pairs to compare; the limit is {max_pairs:,}. Most come from the "
            f"{largest.entity} rule {largest.rule} ({largest.pairs:,})",
            "lower max_records of that rule in its seed, or raise CONCORD_LIMIT_MAX_PAIRS",
        )


def _stays(node: ManifestNode) -> bool:
    """Say whether a build makes it only when it has changed."""
    return node.resource_type == "seed" or node.materialized == "view"


def _compile(
    runner: DbtRunner, select: Sequence[str], exclude: Sequence[str]
) -> Mapping[str, ManifestNode]:
    wanted = [word for text in select for word in text.split()]
    kinds = [f"resource_type:{kind}" for kind in READING]
    models = [f"{word},{kind}" for word in wanted for kind in kinds] or kinds
    return project_manifest(
        runner, "compile", "--select", *models, "--exclude", *exclude, *NOT_AT_NIGHT
    )


def _rounds(
    connection: Connection, nodes: Sequence[ManifestNode], existing: frozenset[str]
) -> dict[str, int]:
    """Return the rounds that iterated models took in the last build."""
    queries = [
        f"select '{node.unique_id}' as model, max(round) as n_rounds from `{node.table}`"
        for node in nodes
        if node.materialized == ITERATED and node.table in existing
    ]
    if not queries:
        return {}
    rows = connection.query(" union all ".join(queries))
    return {row["model"]: row["n_rounds"] or 1 for row in rows}


def _existing_tables(
    connection: Connection, manifest: Mapping[str, ManifestNode]
) -> frozenset[str]:
    relations = [node.table for node in manifest.values() if node.resource_type in WITH_ROWS]
    datasets = {name.rpartition(".")[0] for name in relations if name}
    return frozenset(
        f"{of}.{name}" for of in sorted(datasets) for name in connection.table_names(of)
    )
