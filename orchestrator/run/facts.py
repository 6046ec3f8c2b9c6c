"""What is known of a run while it goes on, and the record that it becomes."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING

from orchestrator import __version__
from orchestrator.dbt.build import Build
from orchestrator.dbt.error_classes import ErrorClass
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
from orchestrator.run_log.nodes import node_records
from orchestrator.run_log.record import RunRecord, RunStatus

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.run.interruption import Interruption
    from orchestrator.run.request import RunRequest
    from orchestrator.settings.values import Settings
    from orchestrator.sources.freshness import StaleTable

PASSING: frozenset[ErrorClass] = frozenset(
    {ErrorClass.TRANSIENT, ErrorClass.CONFLICT, ErrorClass.QUOTA}
)


@dataclass(slots=True)
class RunFacts:
    """One run so far."""

    run_id: str
    started_at: datetime
    request: RunRequest
    resumes: str | None = None
    fencing_token: int | None = None
    build: Build = field(default_factory=Build)
    stale: tuple[StaleTable, ...] = ()
    empty_tables: tuple[str, ...] = ()
    published_tables: int = 0
    publish_problem: str = ""
    publish_classes: frozenset[ErrorClass] = frozenset()
    # Why a run that was good published nothing.
    not_published: str = ""
    error: Exception | None = None

    @property
    def exit_code(self) -> int:
        """Return the exit code of the command."""
        if isinstance(self.error, ConcordError):
            return self.error.exit_code
        if self.error is None and self.build.is_success and not self.publish_problem:
            return EXIT_OK
        classes = {state.error_class for state in self.build.failed} | self.publish_classes
        return EXIT_TRANSIENT if classes and classes <= PASSING else EXIT_FAILED

    @property
    def status(self) -> RunStatus:
        """Return the status for the log."""
        if self.exit_code == EXIT_OK:
            return "success"
        if isinstance(self.error, (Interrupted, LockLost, RunTookTooLong)):
            return "interrupted"
        if isinstance(self.error, WarehouseUnavailable) or self.exit_code == EXIT_TRANSIENT:
            return "transient"
        has_begun = bool(self.build.states)
        return "refused" if self.error is not None and not has_begun else "failed"

    def record(
        self, settings: Settings, ended_at: datetime, step_seconds: dict[str, float]
    ) -> RunRecord:
        """Return the record of the run, which is over."""
        error = self.error
        problem = str(error or self.build.problem or self.publish_problem)
        return RunRecord(
            run_id=self.run_id,
            command="retry" if self.resumes else "run",
            target=settings.target,
            dataset=settings.dataset,
            started_at=self.started_at,
            ended_at=ended_at,
            status=self.status,
            exit_code=self.exit_code,
            selection=str(self.request),
            problem=redact(problem),
            what_to_do=error.what_to_do if isinstance(error, ConcordError) else "",
            attempts=self.build.attempts,
            retries=self.build.retries,
            fencing_token=self.fencing_token,
            resumes=self.resumes,
            concord_version=__version__,
            dbt_version=version("dbt-core"),
            invocation_ids=self.build.invocation_ids,
            stale_sources=tuple(node.name for node in self.stale),
            published_tables=self.published_tables,
            step_seconds=step_seconds,
            nodes=node_records(self.build),
        )


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
