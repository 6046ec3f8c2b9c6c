"""How old the sources are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.errors import RunFailed

if TYPE_CHECKING:
    from orchestrator.artifacts import NodeResult
    from orchestrator.dbt_runner import DbtRunner
    from orchestrator.loading.raw_tables import RawTableState


def stale_tables(runner: DbtRunner, states: tuple[RawTableState, ...]) -> tuple[NodeResult, ...]:
    """Return the sources that are too old. A table without rows has no age: it is left out."""
    filled = [f"source:concord.{state.table.full_name}" for state in states if state.has_rows]
    if not filled:
        return ()
    result = runner.invoke("source", "freshness", "--select", *filled)
    if result.is_interrupted:
        raise KeyboardInterrupt
    nodes = result.results.nodes if result.results else ()
    return tuple(node for node in nodes if node.status != "pass")


def require_fresh(stale: tuple[NodeResult, ...]) -> None:
    """Stop a run whose sources are too old."""
    if not stale:
        return
    names = "\n".join(f"{node.name}: {node.message}" for node in stale)
    raise RunFailed(
        f"sources are not fresh\n{names}", "load newer data, or run without --require-fresh"
    )
