"""How a run ends: its exit code, its status, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.bigquery.error_classes import PASSING
from orchestrator.dbt.artifacts import node_owner
from orchestrator.dbt.node import NOT_RUN, Node
from orchestrator.errors import (
    EXIT_FAILED,
    EXIT_LOCKED,
    EXIT_OK,
    EXIT_TRANSIENT,
    ConcordError,
    Interrupted,
    LockLost,
    RunTookTooLong,
    WarehouseUnavailable,
)
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orchestrator.interruption import Interruption
    from orchestrator.run_log.run import Run, RunStatus


def end_run(run: Run, ended_at: datetime, step_seconds: Mapping[str, float]) -> None:
    """Write into a run how it ended. The text of its failure is masked here, once."""
    run.ended_at, run.step_seconds = ended_at, dict(step_seconds)
    run.exit_code = exit_code_of(run)
    run.status = _status_of(run)
    run.problem = redact(str(run.error or run.dbt_problem or run.publish_problem))
    if isinstance(run.error, ConcordError):
        run.what_to_do = redact(run.error.what_to_do)
    for unique_id in sorted((run.todo or frozenset()) - run.node_by_id.keys()):
        declared = run.manifest.get(unique_id)
        run.node_by_id[unique_id] = Node(
            unique_id,
            NOT_RUN,
            attempts=0,
            relation=declared.relation if declared else None,
            owner=node_owner(unique_id, run.manifest),
        )


def exit_code_of(run: Run) -> int:
    """Return the exit code of the command."""
    if isinstance(run.error, ConcordError):
        return run.error.exit_code
    if run.error is None and run.is_built and not run.publish_problem:
        return EXIT_OK
    classes = {node.error_class for node in run.failed} | run.publish_classes
    return EXIT_TRANSIENT if classes and classes <= PASSING else EXIT_FAILED


def interrupted(interruption: Interruption, run_id: str) -> ConcordError:
    """Return the error that says why a run was cut off, and how to go on."""
    reason = interruption.reason or "interrupted"
    go_on = f"'concord retry {run_id}' runs what is left"
    if interruption.exit_code == EXIT_TRANSIENT:
        return RunTookTooLong(
            reason, f"{go_on}; the limits are CONCORD_LIMIT_DEADLINE_SECONDS and _STALL_SECONDS"
        )
    if interruption.exit_code == EXIT_LOCKED:
        return LockLost(reason, f"when the run that holds the lock has ended, {go_on}")
    return Interrupted(reason, go_on)


def _status_of(run: Run) -> RunStatus:
    if run.exit_code == EXIT_OK:
        return "success"
    if isinstance(run.error, (Interrupted, LockLost, RunTookTooLong)):
        return "interrupted"
    if isinstance(run.error, WarehouseUnavailable) or run.exit_code == EXIT_TRANSIENT:
        return "transient"
    # What `concord retry` takes over from an earlier run is there before anything is tried.
    has_begun = bool(run.attempts and run.node_by_id)
    return "refused" if run.error is not None and not has_begun else "failed"
