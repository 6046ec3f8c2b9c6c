"""One run: what was asked, what was tried, what the nodes came to, how it ended, who was told.

The steps of a night work on it; the run log, the metrics, the alerts and the summary read it. A
run of the past is the same object, read back.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, Literal

from orchestrator import __version__
from orchestrator.dbt.node import NOT_RUN, SKIPPED, Node, NodeTotals, totals_of
from orchestrator.dbt.request import RunRequest
from orchestrator.errors import EXIT_OK
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.bigquery.error_classes import ErrorClass
    from orchestrator.dbt.artifacts import ManifestNode
    from orchestrator.dbt.runner import DbtResult
    from orchestrator.run_log.id_changes import IdChanges
    from orchestrator.settings.values import Settings
    from orchestrator.sources.freshness import StaleTable

# The selections of runs of everything, as they are written down.
WHOLE: Final = tuple(str(RunRequest(full_refresh=refresh)) for refresh in (False, True))
RunStatus = Literal["", "success", "failed", "transient", "interrupted", "refused"]


@dataclass(slots=True)
class Run:
    """One run of `concord run` or `concord retry`. A text of a failure holds no values of data.

    `refused` is a run that a check before the build stopped: health, budget or freshness.
    """

    run_id: str
    command: str
    target: str
    dataset: str
    started_at: datetime

    # What was asked. `resumes` is the run that `concord retry` goes on with.
    request: RunRequest = field(default_factory=RunRequest)
    resumes: str | None = None
    # All runs that `resumes` goes back to, the oldest first.
    resumed: tuple[str, ...] = ()

    # What was tried. `attempts_dir` has a folder for each invocation of dbt; `answer` is what dbt
    # said last; `todo` are the nodes to go on with, None for all that the request selects.
    attempts_dir: str = ""
    fencing_token: int | None = None
    # Rows of each raw table before the build.
    source_rows: Mapping[str, int] = field(default_factory=dict)
    empty_tables: tuple[str, ...] = ()
    stale_tables: tuple[StaleTable, ...] = ()
    answer: DbtResult | None = None
    dbt_problem: str = ""
    dbt_problem_class: ErrorClass | None = None
    attempts: int = 0
    retries: int = 0
    invocation_ids: tuple[str, ...] = ()
    manifest: Mapping[str, ManifestNode] = field(default_factory=dict)
    todo: frozenset[str] | None = None

    # What the nodes came to, by their unique ids. Of a past run there may be the totals only.
    node_by_id: dict[str, Node] = field(default_factory=dict)
    counted: NodeTotals | None = None

    # What was accepted. `id_changes` is by entity; `committed_rows` are rows of the ledger.
    id_changes: Mapping[str, IdChanges] = field(default_factory=dict)
    committed_rows: int = 0

    # How it ended. `status` is empty while the run goes on, and for ever when it was killed.
    # `kept_model` is the version of the matching model that the run has trained and promoted.
    kept_model: str = ""
    published_tables: int = 0
    publish_problem: str = ""
    publish_classes: frozenset[ErrorClass] = frozenset()
    # Why a run that was good published nothing.
    not_published: str = ""
    # Why the history lacks this night; the night is as good as without it.
    snapshot_problem: str = ""
    error: Exception | None = None
    ended_at: datetime | None = None
    status: RunStatus = ""
    exit_code: int = EXIT_OK
    problem: str = ""
    what_to_do: str = ""
    step_seconds: dict[str, float] = field(default_factory=dict)
    concord_version: str = ""
    dbt_version: str = ""

    # What was told of it. `succeeded_by` is the run that has done its work since.
    log_problem: str = ""
    succeeded_by: str | None = None

    def __post_init__(self) -> None:
        self.problem, self.what_to_do = redact(self.problem), redact(self.what_to_do)

    @property
    def selection(self) -> str:
        """Return what was asked as a user would type it; the run log has it so."""
        return str(self.request)

    @property
    def night_ids(self) -> tuple[str, ...]:
        """Return the runs whose work this is: those that it resumes, and itself."""
        return (*self.resumed, self.run_id)

    @property
    def seconds(self) -> float:
        """Return how long the run took; 0 for one that has not said that it ended."""
        return (self.ended_at - self.started_at).total_seconds() if self.ended_at else 0.0

    @property
    def is_success(self) -> bool:
        """Say whether everything was built, found good and published."""
        return self.status == "success"

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return the nodes in the order of the run."""
        return tuple(self.node_by_id.values())

    @property
    def failed(self) -> tuple[Node, ...]:
        """Return the nodes whose last attempt failed."""
        return tuple(node for node in self.nodes if node.has_failed)

    @property
    def not_built(self) -> tuple[Node, ...]:
        """Return the nodes that were selected and did not begin."""
        return tuple(node for node in self.nodes if node.status in {SKIPPED, NOT_RUN})

    @property
    def totals(self) -> NodeTotals:
        """Return the sums over the nodes."""
        return self.counted or totals_of(self.nodes)

    @property
    def stale_sources(self) -> tuple[str, ...]:
        """Return the names of the tables that are older than they may be."""
        return tuple(table.name for table in self.stale_tables)

    @property
    def is_interrupted(self) -> bool:
        """Say whether dbt was cut off."""
        return self.answer is not None and self.answer.is_interrupted

    @property
    def is_built(self) -> bool:
        """Say whether everything that was selected was built and found good."""
        return not (self.dbt_problem or self.is_interrupted or self.failed)

    @property
    def builds_everything(self) -> bool:
        """Say whether nothing was selected or excluded."""
        return self.request.is_whole

    @property
    def is_whole_night(self) -> bool:
        """Say whether the run did what a night is for: no part was selected, or all was published.

        A night may leave models out for good (`--exclude`).
        """
        return self.published_tables > 0 or not self.request.select


def new_run(settings: Settings, request: RunRequest, **values: Any) -> Run:  # noqa: ANN401 - fields
    """Return a run that begins now. Run ids sort by time: `20261125t080422z-3f9a1c`."""
    now = datetime.now(UTC)
    run_id = new_run_id(now)
    return Run(
        run_id,
        "retry" if values.get("resumes") else "run",
        settings.target,
        settings.dataset,
        now,
        request=request,
        attempts_dir=str(settings.state_dir / "dbt" / run_id),
        concord_version=__version__,
        dbt_version=version("dbt-core"),
        **values,
    )


def new_run_id(now: datetime) -> str:
    """Return an id that sorts by time, and is the name of a file and a label of jobs."""
    return f"{now.astimezone(UTC):%Y%m%dt%H%M%Sz}-{secrets.token_hex(3)}"
