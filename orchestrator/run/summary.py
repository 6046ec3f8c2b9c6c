"""What is shown of a run that is over: its nodes by status, the slow ones, what went wrong."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from orchestrator.dbt.node_text import MOST_FAILURES, failure_text, some_names
from orchestrator.run.id_gate import percent

if TYPE_CHECKING:
    from orchestrator.dbt.node import Node
    from orchestrator.run_log.run import Run


def count_by_status(run: Run) -> dict[str, int]:
    """Count the nodes of each status, the most frequent first."""
    return dict(Counter(node.status for node in run.nodes).most_common())


def slowest(run: Run, count: int) -> tuple[Node, ...]:
    """Return the nodes that took longest."""
    return tuple(sorted(run.nodes, key=lambda node: -node.seconds)[:count])


def id_texts(run: Run) -> list[str]:
    """Say for each kind of entity how many ids differ from the last accepted run."""
    return [
        f"{change.entity}: {percent(change.share)} of the records changed theirs"
        + (f", partition distance {change.distance:.4f}" if change.distance is not None else "")
        for change in run.id_changes.values()
    ]


def problem_text(run: Run) -> str:
    """Say in a few lines what went wrong; empty when nothing did."""
    if run.is_success:
        return ""
    lines = [run.problem] if run.problem else []
    for node in run.failed[:MOST_FAILURES]:
        tried = f", tried {node.attempts} times" if node.attempts > 1 else ""
        lines.append(failure_text(node.name, f"{node.error_class}{tried}", node.message))
    if len(run.failed) > MOST_FAILURES:
        lines.append(f"and {len(run.failed) - MOST_FAILURES} more")
    if run.not_built and run.failed:
        lines.append(f"Not built for that: {some_names(node.name for node in run.not_built)}")
    return "\n".join(lines)
