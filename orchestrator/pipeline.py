"""`concord run`: freshness of the sources, then `dbt build`, then a summary.

What comes between a failed build and its summary (retries, a run log, alerts) takes the results
of `dbt_runner` as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.dbt_runner import DbtResult, DbtRunner, failed_nodes_text
from orchestrator.errors import Interrupted, RunFailed
from orchestrator.loading.raw_tables import RawTableState, ensure_raw_tables
from orchestrator.loading.source_schemas import read_raw_tables

if TYPE_CHECKING:
    from orchestrator.artifacts import NodeResult, RunResults
    from orchestrator.steps import StepClock
    from orchestrator.warehouse_client import Connection


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the user asked for."""

    select: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    full_refresh: bool = False
    require_fresh: bool = False
    allow_empty: bool = False


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What came out of a run."""

    is_success: bool
    empty_tables: tuple[str, ...]
    stale_tables: tuple[NodeResult, ...]
    results: RunResults
    problem: str
    seconds: dict[str, float]


def run(connection: Connection, request: RunRequest, clock: StepClock) -> RunSummary:
    """Build everything that is selected."""
    settings = connection.settings
    runner = DbtRunner(settings, on_node=clock.on_node)
    with clock.step("freshness"):
        declared = read_raw_tables(settings.project_dir).values()
        states = ensure_raw_tables(
            connection, [table for table in declared if table.source in settings.sources]
        )
        stale = _stale_tables(runner, states)
    if stale and request.require_fresh:
        names = "\n".join(f"{node.name}: {node.message}" for node in stale)
        raise RunFailed(
            f"sources are not fresh\n{names}",
            "load newer data, or run without --require-fresh",
        )
    with clock.step("build"):
        result = runner.invoke("build", *_build_options(request))
    return RunSummary(
        is_success=result.is_success,
        empty_tables=tuple(state.table.full_name for state in states if not state.has_rows),
        stale_tables=stale,
        results=_checked_results(result, request),
        problem="" if result.is_success else failed_nodes_text(result),
        seconds=dict(clock.seconds),
    )


def _stale_tables(runner: DbtRunner, states: tuple[RawTableState, ...]) -> tuple[NodeResult, ...]:
    """Return the sources that are too old. A table without rows has no age: it is left out."""
    filled = [f"source:concord.{state.table.full_name}" for state in states if state.has_rows]
    if not filled:
        return ()
    result = runner.invoke("source", "freshness", "--select", *filled)
    _stop_if_interrupted(result)
    nodes = result.results.nodes if result.results else ()
    return tuple(node for node in nodes if node.status != "pass")


def _build_options(request: RunRequest) -> tuple[str, ...]:
    # Unit tests check the SQL, not the data: they belong to development, not to a run.
    options: tuple[str, ...] = ("--exclude-resource-type", "unit_test")
    if request.select:
        options += ("--select", *request.select)
    if request.exclude:
        options += ("--exclude", *request.exclude)
    if request.full_refresh:
        options += ("--full-refresh",)
    return options


def _checked_results(result: DbtResult, request: RunRequest) -> RunResults:
    _stop_if_interrupted(result)
    if result.results is None:
        raise RunFailed(
            f"dbt could not start the build\n{failed_nodes_text(result)}",
            f"correct the project or the settings; dbt's log is in {result.target_path}",
        )
    if not result.results.nodes and not request.allow_empty:
        raise RunFailed("nothing was selected", "correct --select, or pass --allow-empty")
    return result.results


def _stop_if_interrupted(result: DbtResult) -> None:
    if result.is_interrupted:
        raise Interrupted("interrupted while dbt was running", "run the command again")
