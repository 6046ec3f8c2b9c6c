"""Committing: the ledger gets the rows of a night once, whatever happens to the answers."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core.exceptions import (
    BadRequest,
    Conflict,
    Forbidden,
    InternalServerError,
    ServiceUnavailable,
)

from orchestrator.alerts.findings import find
from orchestrator.dbt.artifacts import ManifestNode
from orchestrator.dbt.node import Node, NodeTotals
from orchestrator.dbt.request import RunRequest
from orchestrator.errors import LockLost, RunFailed, SourceShrank, TooManyIdsChange
from orchestrator.interruption import Interruption
from orchestrator.redaction import redact
from orchestrator.run.commit import commit_ledger, ledger_sql
from orchestrator.run.gates import LEDGER_ROWS, check_gates
from orchestrator.run.id_gate import percent, require_few_changes
from orchestrator.run_log.id_changes import IdChanges
from orchestrator.run_log.rows import RUNS, rows_of, run_of_row
from orchestrator.settings.groups import RetrySettings
from orchestrator.settings.values import Settings
from orchestrator.sources.raw_tables import RawTableState
from orchestrator.sources.row_counts import require_rows
from orchestrator.sources.source_schemas import read_raw_tables
from tests.unit.fence_fake import Fence
from tests.unit.run_sample import begun_run, ended_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from orchestrator.run_log.run import Run

ROOT = Path(__file__).resolve().parents[2]
RUN_ID = "20261125t020000z-0a1b2c"
WAITS: list[float] = []


def model(name: str) -> ManifestNode:
    relation = f"`p`.`concord_entities`.`{name}`"
    return ManifestNode(f"model.concord.{name}", name, "model", relation, (), materialized="table")


MANIFEST = {found.unique_id: found for found in map(model, LEDGER_ROWS)}


class Job:
    """A job that appends: it has happened, or failed, when somebody waits for it."""

    def __init__(self, error: Exception | None = None, lost: Exception | None = None) -> None:
        self.error_result = {"reason": "x"} if error else None
        self._error, self._lost = error, lost

    def result(self, timeout: float) -> None:
        """Wait for the job; its answer may get lost once."""
        assert timeout > 0
        lost, self._lost = self._lost, None
        if lost or self._error:
            raise lost or self._error  # type: ignore[misc]


class Ledger:
    """The warehouse as committing sees it: jobs by name, and how often rows were appended."""

    def __init__(self, *jobs: Job, built_by: str = RUN_ID) -> None:
        self.settings = Settings(
            project="p",
            project_dir=ROOT,
            retry=RetrySettings(first_wait_seconds=1, longest_wait_seconds=8),
        )
        self.client = self
        self.planned = list(jobs)
        self.jobs: dict[str, Job] = {}
        self.asked: list[str] = []
        self.refusals: list[Exception] = []
        self.on_start: Callable[[], object] = lambda: None
        self._built_by = built_by

    def table_id(self, dataset: str, table: str) -> str:
        """Name a table."""
        return f"p.{dataset}.{table}"

    def query(self, sql: str, *_: object, job_id: str = "", **options: Any) -> Any:  # noqa: ANN401
        """Count the rows that wait, or start to append them."""
        if not job_id:
            return [{"run_id": self._built_by, "n_rows": 3}] if self._built_by else []
        assert options == {"job_retry": None}
        assert "insert into `p.concord_ops.entity_ledger`" in sql
        self.asked.append(job_id)
        if job_id in self.jobs:
            raise Conflict(f"Already Exists: Job p:US.{job_id}")
        self.on_start()
        self.jobs[job_id] = self.planned.pop(0)
        if self.refusals:
            raise self.refusals.pop(0)
        return self.jobs[job_id]

    def get_job(self, job_id: str) -> Job:
        """Return a job that has begun."""
        return self.jobs[job_id]


def night(**values: Any) -> Run:  # noqa: ANN401
    return begun_run(RUN_ID, **({"manifest": MANIFEST} | values))


def commit(ledger: Ledger, run: Run | None = None, fence: Fence | None = None) -> int:
    connection: Any = ledger
    WAITS.clear()
    return commit_ledger(connection, run or night(), fence or Fence(), sleep=WAITS.append)


def test_one_statement_appends_the_rows_of_both_entities_and_knows_those_of_the_run() -> None:
    sql = " ".join(ledger_sql("p.o.l", ("run_id", "entity"), ("p.e.c", "p.e.r")).split())
    assert sql == (
        "insert into `p.o.l` (run_id, entity) with found as ( "
        "select run_id, entity from `p.e.c` union all select run_id, entity from `p.e.r` ) "
        "select run_id, entity from found where not exists ( select 1 from `p.o.l` as known "
        "where known.run_id = found.run_id and known.entity = found.entity )"
    )


def test_a_commit_tells_its_rows() -> None:
    ledger = Ledger(Job())
    assert commit(ledger) == 3
    assert ledger.asked == [f"concord-commit-{RUN_ID}-0"]


def test_a_project_without_a_ledger_commits_nothing() -> None:
    ledger = Ledger()
    assert commit(ledger, night(manifest={})) == 0
    assert ledger.asked == []


@pytest.mark.parametrize("lost_at", ["start", "end"])
def test_a_lost_answer_starts_no_second_job(lost_at: str) -> None:
    ledger = Ledger(Job(lost=ServiceUnavailable("away") if lost_at == "end" else None))
    if lost_at == "start":
        ledger.refusals = [ServiceUnavailable("away")]
    assert commit(ledger) == 3
    assert ledger.asked == [f"concord-commit-{RUN_ID}-0"] * 2
    assert len(ledger.jobs) == 1
    assert WAITS == [1.0]


def test_a_job_that_failed_for_a_passing_reason_is_followed_by_another() -> None:
    ledger = Ledger(Job(ServiceUnavailable("backend")), Job(ServiceUnavailable("backend")), Job())
    assert commit(ledger) == 3
    assert ledger.asked == [f"concord-commit-{RUN_ID}-{n}" for n in range(3)]
    assert WAITS == [1.0, 2.0]


@pytest.mark.parametrize("error", [Forbidden("Access Denied: Table x"), BadRequest("Syntax error")])
def test_what_does_not_pass_is_raised_at_once(error: Exception) -> None:
    with pytest.raises(type(error)):
        commit(Ledger(Job(error)))
    assert WAITS == []


def test_what_passes_too_late_is_raised() -> None:
    ledger = Ledger(*[Job(ServiceUnavailable("backend")) for _ in range(9)])
    with pytest.raises(ServiceUnavailable):
        commit(ledger)
    assert len(ledger.asked) == ledger.settings.retry.attempts


@pytest.mark.parametrize(("lost_at", "started"), [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2)])
def test_who_lost_the_lock_appends_nothing_any_more(lost_at: int, started: int) -> None:
    fence = Fence(lost_at)
    ledger = Ledger(Job(ServiceUnavailable("backend")), Job(ServiceUnavailable("backend")), Job())
    with pytest.raises(LockLost):
        commit(ledger, fence=fence)
    assert len(ledger.jobs) == started


def test_rows_of_another_run_are_not_accepted() -> None:
    ledger = Ledger(Job(), built_by="20261124t020000z-aaaaaa")
    with pytest.raises(RunFailed, match="were built by 20261124t020000z-aaaaaa, not by this run"):
        commit(ledger)
    assert ledger.asked == []
    # A retry goes on with what the runs before it built.
    retried = night(resumed=("20261124t020000z-aaaaaa",))
    assert commit(ledger, retried) == 3


def test_a_signal_waits_for_the_commit() -> None:
    connection: Any = Ledger(Job())
    connection.on_start = lambda: signal.raise_signal(signal.SIGTERM)
    waited: list[str] = []
    connection.planned[0].result = lambda timeout: waited.append(f"{timeout:.0f}")
    with (
        Interruption(60) as interruption,
        pytest.raises(KeyboardInterrupt),
        interruption.delivered(),
    ):
        commit_ledger(connection, night(), Fence(), at_once=interruption.held_back)
    assert waited == ["600"]


def test_a_run_without_the_rows_of_the_ledger_is_accepted_by_no_gate() -> None:
    built = [Node(unique_id, "success") for unique_id in MANIFEST]
    assert check_gates(built, MANIFEST).are_open
    gates = check_gates(built[1:], MANIFEST)
    assert gates.reason == f"{built[0].name} was not built in this run"


def test_too_many_changed_ids_close_the_gate() -> None:
    changes = {
        "person": IdChanges("person", 0.021, 0.01),
        "company": IdChanges("company", 0.01, 0.0),
    }
    with pytest.raises(TooManyIdsChange) as found:
        require_few_changes(changes, 0.01)
    assert found.value.message == "2.1 % of person ids would change, allowed 1.0 %"
    assert "'concord diff'" in found.value.what_to_do
    assert "--accept-changes" in found.value.what_to_do
    require_few_changes(changes, 0.021)
    require_few_changes({}, 0.0)


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0.0 %"), (0.00002, "0.002 %"), (0.0049, "0.49 %"), (0.021, "2.1 %"), (1.0, "100.0 %")],
)
def test_a_share_is_never_shown_as_nothing(share: float, text: str) -> None:
    assert percent(share) == text


def test_the_figures_of_ids_survive_the_log() -> None:
    changes = {"person": IdChanges("person", 0.02, 0.004), "company": IdChanges("company", 0.0)}
    run = ended_run(id_changes=changes, committed_rows=7)
    [row] = rows_of(run)[RUNS]
    assert (row["committed_rows"], row["person_id_change_share"]) == (7, 0.02)
    assert row["company_partition_distance"] is None
    counted = NodeTotals(0, 0, None, None)
    assert run_of_row(row, counted).id_changes == changes
    # A log of an earlier version has no such columns.
    old = {name: value for name, value in row.items() if "company" not in name}
    assert list(run_of_row(old, counted).id_changes) == ["person"]


def test_what_a_person_must_decide_has_an_alert_of_its_own() -> None:
    ids = ended_run(nodes=(), error=TooManyIdsChange("2.1 %", "look"))
    rows = ended_run(nodes=(), error=SourceShrank("files.people", "look"), status="refused")
    plain = ended_run(nodes=())
    found = [find(run, ())[0] for run in (ids, rows, plain)]
    assert [one.subject for one in found] == ["changed ids", "lost rows", "failed"]
    assert len({one.fingerprint for one in found}) == 3
    good = ended_run(nodes=(), status="success", snapshot_problem="person_history: no")
    [warning] = find(good, ())
    assert (warning.subject, warning.severity) == ("snapshots", "warning")


def test_a_run_that_accepts_changes_does_the_work_of_one_that_did_not() -> None:
    part = RunRequest(select=("a",))
    assert replace(part, accept_changes=True).covers(part)
    assert part.covers(replace(part, accept_changes=True))
    assert not part.covers(RunRequest(select=("b",)))
    written = replace(part, accept_changes=True)
    assert RunRequest.from_json(written.to_json()) == written
    # What was selected is the same, so the log calls it the same.
    assert str(written) == str(part)


def test_the_message_survives_the_mask() -> None:
    with pytest.raises(TooManyIdsChange) as found:
        require_few_changes({"person": IdChanges("person", 0.021)}, 0.01)
    assert redact(found.value.what_to_do) == found.value.what_to_do
    assert redact(found.value.message) == found.value.message


def states(**counts: int) -> list[RawTableState]:
    declared = read_raw_tables(ROOT)
    return [
        RawTableState(declared[name.replace("__", ".")], n_rows) for name, n_rows in counts.items()
    ]


def test_a_source_that_shrank_stops_the_run() -> None:
    before = {"files.people": 1204, "files.companies": 10, "gmail.message": 9, "dialpad.call": 0}
    now = states(files__people=0, files__companies=5)
    with pytest.raises(SourceShrank) as found:
        require_rows(now, before, 0.5)
    # Half is not too much; a table that is not read any more is gone.
    assert found.value.message.splitlines()[1:] == [
        "files.people has 0 rows, and had 1,204 in the last published run",
        "gmail.message has 0 rows, and had 9 in the last published run",
    ]
    assert "--accept-changes" in found.value.what_to_do


@pytest.mark.parametrize(("n_rows", "limit", "stops"), [(4, 0.5, True), (4, 0.6, False)])
def test_how_much_a_source_may_lose_is_a_setting(n_rows: int, limit: float, stops: bool) -> None:
    before = {"files.people": 10}
    if stops:
        with pytest.raises(SourceShrank):
            require_rows(states(files__people=n_rows), before, limit)
    else:
        require_rows(states(files__people=n_rows), before, limit)


@pytest.mark.parametrize("before", [{}, {"files.people": 0}])
def test_nothing_before_compares_with_nothing(before: dict[str, int]) -> None:
    require_rows(states(files__people=0), before, 0.0)
    # Empty is always a loss, whatever share is allowed.
    with pytest.raises(SourceShrank):
        require_rows(states(files__people=0), {"files.people": 1}, 1.0)


def test_the_waits_grow_up_to_the_longest() -> None:
    ledger = Ledger(*[Job(ServiceUnavailable("backend")) for _ in range(9)])
    waits = RetrySettings(attempts=6, first_wait_seconds=1, longest_wait_seconds=8)
    ledger.settings = ledger.settings.model_copy(update={"retry": waits})
    with pytest.raises(ServiceUnavailable):
        commit(ledger)
    assert WAITS == [1.0, 2.0, 4.0, 8.0, 8.0]


@pytest.mark.parametrize(
    ("error", "tries"),
    # Without an answer it is the network; a refusal that nobody knows is tried once more.
    [(InternalServerError("who knows"), 4), (BadRequest("who knows"), 2)],
)
def test_a_failure_without_a_known_word_is_judged_by_its_kind(error: Exception, tries: int) -> None:
    ledger = Ledger(*[Job(error) for _ in range(9)])
    with pytest.raises(type(error)):
        commit(ledger)
    assert len(ledger.asked) == tries


def test_the_rows_of_both_entities_are_counted_by_the_run_that_built_them() -> None:
    ledger, asked = Ledger(Job()), []
    stock_query = ledger.query

    def query(sql: str, *parameters: object, **options: Any) -> Any:  # noqa: ANN401
        asked.append(sql)
        if options:
            return stock_query(sql, *parameters, **options)
        return [{"run_id": RUN_ID, "n_rows": 3}, {"run_id": "r0", "n_rows": 4}]

    ledger.query = query  # type: ignore[method-assign]
    assert commit(ledger, night(resumed=("r0",))) == 7
    each = " union all ".join(
        f"select run_id from `p.concord_entities.{name}`" for name in LEDGER_ROWS
    )
    assert asked[0] == f"select run_id, count(*) as n_rows from ({each}) group by 1"
