"""What `concord run` shows of a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.dbt.node_text import failure_text, some_names

if TYPE_CHECKING:
    from orchestrator.dbt.artifacts import RunResults
    from orchestrator.run_log.record import RunRecord
    from orchestrator.sources.freshness import StaleTable


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What came out of a run."""

    record: RunRecord
    results: RunResults
    empty_tables: tuple[str, ...]
    stale_tables: tuple[StaleTable, ...]
    problem: str
    log_problem: str
    not_published: str = ""

    @property
    def is_success(self) -> bool:
        """Say whether everything was built and found good."""
        return self.record.status == "success"


def problem_text(record: RunRecord, limit: int = 10) -> str:
    """Say in a few lines what went wrong."""
    lines = [record.problem] if record.problem else []
    for node in record.failed[:limit]:
        tried = f", tried {node.attempts} times" if node.attempts > 1 else ""
        lines.append(failure_text(node.name, f"{node.error_class}{tried}", node.message))
    if len(record.failed) > limit:
        lines.append(f"and {len(record.failed) - limit} more")
    if record.not_built and record.failed:
        names = some_names(node.name for node in record.not_built)
        lines.append(f"Not built for that: {names}")
    return "\n".join(lines)
