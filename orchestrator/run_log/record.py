"""What is known of a run when it is over: the input of the run log, the metrics and the alerts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.dbt.error_classes import ErrorClass

# The selections of runs of everything, as they are written down.
WHOLE: Final = ("", "--full-refresh")
RunStatus = Literal["success", "failed", "transient", "interrupted", "refused"]


@dataclass(frozen=True, slots=True)
class NodeRecord:
    """The last state of one dbt node in a run.

    `message` is dbt's text without the values of data in it. `status` is dbt's, or `not_run` for a
    node that was selected and never came to an end.
    """

    unique_id: str
    name: str
    resource_type: str
    status: str
    attempts: int
    seconds: float
    error_class: ErrorClass | None = None
    message: str = ""
    relation: str | None = None
    owner: str | None = None
    failures: int | None = None
    rows_affected: int | None = None
    bytes_processed: int | None = None
    bytes_billed: int | None = None
    slot_ms: int | None = None
    job_id: str | None = None

    @property
    def has_failed(self) -> bool:
        """Say whether the node makes the run a failure."""
        return self.status in {"error", "fail", "runtime error", "partial success"}


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run of `concord run` or `concord retry`.

    `refused` is a run that a check before the build stopped: health, budget or freshness.
    `resumes` is the run that `concord retry` goes on with. `fencing_token` is the lock's.
    """

    run_id: str
    command: str
    target: str
    dataset: str
    started_at: datetime
    ended_at: datetime
    status: RunStatus
    exit_code: int
    selection: str = ""
    problem: str = ""
    what_to_do: str = ""
    attempts: int = 0
    retries: int = 0
    fencing_token: int | None = None
    resumes: str | None = None
    concord_version: str = ""
    dbt_version: str = ""
    invocation_ids: tuple[str, ...] = ()
    stale_sources: tuple[str, ...] = ()
    published_tables: int = 0
    step_seconds: dict[str, float] = field(default_factory=dict)
    nodes: tuple[NodeRecord, ...] = ()

    @property
    def seconds(self) -> float:
        """Return how long the run took."""
        return (self.ended_at - self.started_at).total_seconds()

    @property
    def builds_everything(self) -> bool:
        """Say whether nothing was selected or excluded."""
        return self.selection in WHOLE

    @property
    def is_whole_night(self) -> bool:
        """Say whether the run did what a night is for: no part was selected, or all was published.

        A night may leave models out for good (`--exclude`).
        """
        return self.published_tables > 0 or not self.selection.startswith("--select")

    @property
    def failed(self) -> tuple[NodeRecord, ...]:
        """Return the nodes that failed."""
        return tuple(node for node in self.nodes if node.has_failed)

    @property
    def not_built(self) -> tuple[NodeRecord, ...]:
        """Return the nodes that were selected and did not begin."""
        return tuple(node for node in self.nodes if node.status in {"skipped", "not_run"})
