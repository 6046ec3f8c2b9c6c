"""`concord run` without a warehouse: what is asked of dbt, and what its answers become."""

from __future__ import annotations

import json
import shutil
import signal
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from orchestrator.commands.run import summary_text
from orchestrator.dbt.events import Pulse
from orchestrator.dbt.node import Node, node_of
from orchestrator.dbt.request import RunRequest
from orchestrator.dbt.runner import DbtResult
from orchestrator.errors import (
    ConfigurationError,
    InputError,
    Interrupted,
    RunFailed,
    RunLocked,
    WarehouseUnavailable,
)
from orchestrator.lock.held import HeldLock
from orchestrator.lock.hold import hold_lock, read_lock
from orchestrator.logs.of_runs import log_outcome
from orchestrator.run import night, resume, tell
from orchestrator.run.night import run_night
from orchestrator.run_log.copies import read_copies
from orchestrator.run_log.rows import RUNS
from orchestrator.run_log.run import new_run
from orchestrator.run_log.started import list_started
from orchestrator.run_log.write import RunLogResult
from orchestrator.settings.groups import RetrySettings
from orchestrator.settings.values import Settings
from orchestrator.sources.freshness import StaleTable, stale_tables
from orchestrator.sources.raw_tables import RawTableState
from orchestrator.sources.source_schemas import read_raw_tables
from orchestrator.steps import StepClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from orchestrator.run_log.run import Run
    from orchestrator.sources.source_schemas import RawTable

ROOT = Path(__file__).resolve().parents[2]
FILLED = "files.people"


def node(unique_id: str, status: str, message: str = "") -> Node:
    """Return the result of one node."""
    return node_of({"unique_id": unique_id, "status": status, "message": message})


def answer(*nodes: Node, **changes: Any) -> DbtResult:  # noqa: ANN401 - fields of the result
    """Return what an invocation came to."""
    values: dict[str, Any] = {
        "command": (),
        "is_success": not any(entry.has_failed for entry in nodes),
        "is_interrupted": False,
        "problem": "",
        "target_path": Path("no folder"),
        "nodes": nodes,
        "invocation_id": "i",
    }
    return DbtResult(**(values | changes))


class Dbt:
    """Stands in for DbtRunner and notes what it was asked."""

    def __init__(self, *builds: DbtResult) -> None:
        self._builds = list(builds)
        self.asked: list[tuple[str, ...]] = []
        self.retried: list[frozenset[str]] = []
        self.pulse = Pulse()

    def invoke(self, *arguments: str) -> DbtResult:
        """Give the prepared answer."""
        self.asked.append(arguments)
        return self._builds.pop(0)

    def retry(self, nodes: frozenset[str], flags: dict[str, Any]) -> DbtResult:
        """Give the next prepared answer."""
        assert flags["which"] == "build"
        self.retried.append(nodes)
        return self._builds.pop(0)

    def selected(self, request: RunRequest, *more: str) -> frozenset[str]:
        """Return all nodes of the tests."""
        return frozenset({"model.concord.good", "model.concord.bad", "model.concord.below"})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of a project without a warehouse, that waits for nothing."""
    (tmp_path / "dbt_project.yml").touch()
    shutil.copytree(ROOT / "models" / "staging", tmp_path / "models" / "staging")
    waits = RetrySettings(first_wait_seconds=0, longest_wait_seconds=0)
    return Settings(project_dir=tmp_path, sources=("files", "gmail"), retry=waits)


@pytest.fixture
def run_with(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Callable[..., Run]:
    """Run the pipeline on two sources, of which one table has rows."""

    def ensure(_connection: object, tables: Iterable[RawTable]) -> tuple[RawTableState, ...]:
        return tuple(RawTableState(table, table.full_name == FILLED) for table in tables)

    def start(
        dbt: Dbt, request: RunRequest | None = None, stale: tuple[StaleTable, ...] = ()
    ) -> Run:
        monkeypatch.setattr(night, "stale_tables", lambda *_: stale)
        monkeypatch.setattr(night, "DbtRunner", lambda *_, **__: dbt)
        run = new_run(settings, request or RunRequest())
        run_night(run, connection, StepClock())
        return run

    monkeypatch.setattr(night, "ensure_raw_tables", ensure)
    monkeypatch.setattr(night, "ensure_run_log", lambda _: None)
    monkeypatch.setattr(night, "ensure_own_tables", lambda _: None)
    monkeypatch.setattr(night, "accepted_counts", lambda _: {})
    monkeypatch.setattr(night, "require_health", lambda _: None)
    monkeypatch.setattr(tell, "read_anomalies", lambda _: None)
    monkeypatch.setattr(tell, "write_run", lambda *_: RunLogResult(()))
    connection: Any = SimpleNamespace(settings=settings)
    return start


NOT_BUILT = (
    *("--exclude-resource-type", "unit_test", "--exclude-resource-type", "snapshot"),
    *("--exclude", "tag:development"),
)
BUILT = answer(node("model.concord.dim_persons", "success"))
STALE = StaleTable(FILLED, timedelta(hours=99))


GOOD = node("model.concord.good", "success")
BAD = "model.concord.bad"
BELOW = "model.concord.below"


def test_only_tables_with_rows_have_an_age() -> None:
    now = datetime(2026, 11, 25, 12, tzinfo=UTC)
    declared = read_raw_tables(ROOT)
    asked: list[str] = []

    def query(sql: str, **_: object) -> list[dict[str, Any]]:
        asked.append(sql)
        return [
            {"name": "gmail.message", "newest": now - timedelta(hours=37)},
            {"name": "hubspot.contact", "newest": datetime(2026, 11, 25, 1)},  # noqa: DTZ001
            {"name": "dialpad.call", "newest": None},
        ]

    settings = Settings(project_dir=ROOT, project="p")
    table_id = lambda dataset, name: f"p.{dataset}.{name}"  # noqa: E731
    connection: Any = SimpleNamespace(settings=settings, query=query, table_id=table_id)
    states = [RawTableState(table, table.source != "salesforce") for table in declared.values()]
    [old] = stale_tables(connection, states, now)
    assert (old.name, old.message) == ("gmail.message", "last row 37.0 hours old")
    [sql] = asked
    assert "max(_synced_at) as newest from `p.raw_gmail.message`" in sql
    # No rows there, and no limit here.
    assert "salesforce" not in sql
    assert "files" not in sql


def test_a_table_that_says_no_time_has_no_age() -> None:
    table = replace(read_raw_tables(ROOT)["gmail.message"], loaded_at=None)
    settings = Settings(project_dir=ROOT, project="p")
    connection: Any = SimpleNamespace(settings=settings)
    assert stale_tables(connection, [RawTableState(table, True)], datetime.now(UTC)) == ()


def test_a_good_run(run_with: Callable[..., Run]) -> None:
    dbt = Dbt(BUILT)
    run = run_with(dbt)
    assert dbt.asked == [("build", *NOT_BUILT)]
    assert run.is_success
    assert run.empty_tables == ("files.companies", "gmail.message", "gmail.message_participant")
    assert list(run.step_seconds) == [
        "preflight",
        "freshness",
        "build",
        "publish",
    ]
    assert run.fencing_token is not None


def test_a_good_run_that_publishes_nothing_says_why(
    run_with: Callable[..., Run], tmp_path: Path
) -> None:
    names = ("dim_persons", "dim_companies")
    nodes = {
        f"model.concord.{name}": {
            "name": name,
            "resource_type": "model",
            "config": {"materialized": "table", "meta": {"published": True}},
        }
        for name in names
    }
    (tmp_path / "manifest.json").write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    built = answer(node("model.concord.dim_persons", "success"), target_path=tmp_path)
    part = run_with(Dbt(built), RunRequest(select=("dim_persons",)))
    assert (part.status, part.exit_code, part.published_tables) == ("success", 0, 0)
    reason = "dim_companies was not built in this run"
    assert f"not published, because {reason}\n" in summary_text(part)
    with capture_logs() as lines:
        log_outcome(part)
    told = [(line["event"], line.get("because")) for line in lines]
    assert told == [("not published", reason), ("run ends", None)]
    # A run that is not good says what failed, and nothing of that.
    bad = answer(node("model.concord.dim_persons", "error", "Syntax error"), target_path=tmp_path)
    assert "not published" not in summary_text(run_with(Dbt(bad)))


def test_options_reach_dbt(run_with: Callable[..., Run]) -> None:
    dbt = Dbt(BUILT)
    run_with(dbt, RunRequest(select=("a+", "b"), exclude=("c",), full_refresh=True))
    assert dbt.asked[0][0] == "build"
    assert dbt.asked[0][-7:] == (
        *("--select", "a+", "b", "--exclude", "c", "tag:development"),
        "--full-refresh",
    )


def test_old_data_is_told_and_stops_only_on_request(
    run_with: Callable[..., Run], settings: Settings
) -> None:
    run = run_with(Dbt(BUILT), stale=(STALE,))
    assert run.is_success
    assert run.stale_sources == (FILLED,)
    assert "files.people: last row 99.0 hours old" in summary_text(run)
    dbt = Dbt(BUILT)
    with pytest.raises(RunFailed, match="not fresh"):
        run_with(dbt, RunRequest(require_fresh=True), stale=(STALE,))
    assert dbt.asked == []
    assert [run.status for run in list_started(settings)] == ["refused"]


def test_failed_nodes_are_named(run_with: Callable[..., Run]) -> None:
    dbt = Dbt(answer(GOOD, node(BAD, "error", "Syntax error:  no\n x")))
    run = run_with(dbt)
    assert (run.is_success, run.exit_code) == (False, 1)
    assert dbt.retried == []
    text = summary_text(run)
    assert "1 success, 1 error" in text
    assert "bad (permanent)\n  Syntax error:  no\n   x" in text
    assert f"concord retry {run.run_id}" in text


def test_what_passes_is_tried_again_and_nothing_else(
    run_with: Callable[..., Run],
) -> None:
    first = answer(GOOD, node(BAD, "error", "503 backend"), node(BELOW, "skipped"))
    second = answer(node(BAD, "success"), node(BELOW, "success"))
    dbt = Dbt(first, second)
    run = run_with(dbt)
    assert dbt.retried == [frozenset({BAD, BELOW})]
    assert run.is_success
    assert (run.attempts, run.retries) == (2, 1)
    assert {entry.name: entry.attempts for entry in run.nodes} == {
        "good": 1,
        "bad": 2,
        "below": 1,
    }


def test_what_does_not_pass_ends_with_a_code_of_its_own(
    run_with: Callable[..., Run],
) -> None:
    fails = answer(GOOD, node(BAD, "error", "reason: backendError"))
    again = answer(node(BAD, "error", "reason: backendError"))
    dbt = Dbt(fails, again, again, again)
    run = run_with(dbt)
    assert len(dbt.retried) == 3
    assert (run.status, run.exit_code) == ("transient", 3)


def test_what_is_no_result_is_an_error(run_with: Callable[..., Run], settings: Settings) -> None:
    stopped = answer(is_success=False, is_interrupted=True)
    with pytest.raises(Interrupted):
        run_with(Dbt(stopped))
    assert list_started(settings)[-1].status == "interrupted"
    unparsed = answer(is_success=False, nodes=None, problem="model not found")
    with pytest.raises(ConfigurationError, match="model not found"):
        run_with(Dbt(unparsed))
    with pytest.raises(RunFailed, match="nothing was selected"):
        run_with(Dbt(answer()))
    assert run_with(Dbt(answer()), RunRequest(allow_empty=True)).is_success


def test_a_connection_that_fails_before_the_first_node_is_tried_again(
    run_with: Callable[..., Run],
) -> None:
    unconnected = answer(is_success=False, nodes=None, problem="503 Service Unavailable")
    dbt = Dbt(unconnected, BUILT)
    assert run_with(dbt).is_success
    assert [arguments[0] for arguments in dbt.asked] == ["build", "build"]
    with pytest.raises(WarehouseUnavailable, match="503"):
        run_with(Dbt(*[unconnected] * 9))


@pytest.mark.parametrize("place", ["_end", "release"])
def test_a_signal_after_the_work_changes_nothing_of_its_result(
    run_with: Callable[..., Run],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    owner: Any = night if place == "_end" else HeldLock
    original = getattr(owner, place)

    def interrupted(*arguments: Any) -> Any:  # noqa: ANN401 - whatever it is
        signal.raise_signal(signal.SIGTERM)
        return original(*arguments)

    monkeypatch.setattr(owner, place, interrupted)
    run = run_with(Dbt(BUILT))
    assert (run.status, run.exit_code) == ("success", 0)
    assert read_lock(settings) is None
    assert list_started(settings) == ()
    # A failed one keeps its own result as well.
    failed = run_with(Dbt(answer(GOOD, node(BAD, "error", "Syntax error"))))
    assert failed.exit_code == 1
    assert read_lock(settings) is None


def test_a_signal_before_the_work_leaves_no_lock(
    run_with: Callable[..., Run], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = HeldLock.start

    def interrupted(lock: HeldLock) -> None:
        signal.raise_signal(signal.SIGTERM)
        start(lock)

    monkeypatch.setattr(HeldLock, "start", interrupted)
    dbt = Dbt(BUILT)
    with pytest.raises(Interrupted):
        run_with(dbt)
    assert dbt.asked == []
    assert read_lock(settings) is None
    assert [run.status for run in list_started(settings)] == ["interrupted"]


def test_a_second_run_does_not_begin(run_with: Callable[..., Run], settings: Settings) -> None:
    dbt = Dbt(BUILT)
    with hold_lock(settings, "20261125t000000z-aaaaaa"), pytest.raises(RunLocked):
        run_with(dbt)
    assert dbt.asked == []
    assert run_with(dbt).is_success


def test_retry_runs_what_is_left(
    run_with: Callable[..., Run], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    failed = answer(GOOD, node(BAD, "error", "Syntax error"), node(BELOW, "skipped"))
    run_id = run_with(Dbt(failed)).run_id
    attempt = settings.state_dir / "dbt" / run_id / "1"
    attempt.mkdir(parents=True)
    lines = [
        {"unique_id": GOOD.unique_id, "status": "success"},
        {"unique_id": BAD, "status": "error", "message": "Syntax error"},
    ]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (attempt / "finished_nodes.jsonl").write_text(text + '{"unique_id": "model.conc')

    dbt = Dbt(answer(node(BAD, "success"), node(BELOW, "success")))
    monkeypatch.setattr(night, "DbtRunner", lambda *_, **__: dbt)
    monkeypatch.setattr(resume, "DbtRunner", lambda *_, **__: dbt)
    connection: Any = SimpleNamespace(settings=settings)
    run = resume.resume_run(connection, run_id, StepClock())
    assert dbt.retried == [frozenset({BAD, BELOW})]
    assert run is not None
    assert run.status == "success"
    assert run.resumes == run_id
    # It is done now, by either name.
    assert list_started(settings) == ()
    assert resume.resume_run(connection, run_id, StepClock()) is None
    with pytest.raises(InputError, match="nothing is known"):
        resume.resume_run(connection, "20200101t000000z-aaaaaa", StepClock())


def test_a_retry_that_cannot_begin_is_refused(
    run_with: Callable[..., Run], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier run has done does not make it one that has begun."""
    failed = answer(GOOD, node(BAD, "error", "Syntax error"))
    run_id = run_with(Dbt(failed)).run_id
    attempt = settings.state_dir / "dbt" / run_id / "1"
    attempt.mkdir(parents=True)
    line = json.dumps({"unique_id": GOOD.unique_id, "status": "success"})
    (attempt / "finished_nodes.jsonl").write_text(f"{line}\n", encoding="utf-8")

    def refuse(_: object) -> None:
        raise ConfigurationError("no right", "ask for it")

    told: list[Run] = []
    monkeypatch.setattr(tell, "_send_alerts", lambda *of: told.append(of[0]))
    monkeypatch.setattr(night, "require_health", refuse)
    monkeypatch.setattr(resume, "DbtRunner", lambda *_, **__: Dbt(answer(GOOD)))
    connection: Any = SimpleNamespace(settings=settings)
    with pytest.raises(ConfigurationError):
        resume.resume_run(connection, run_id, StepClock())
    assert [(run.resumes, run.status) for run in told] == [(run_id, "refused")]


def test_a_night_without_a_lock_is_on_record_and_told(
    run_with: Callable[..., Run], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Run] = []
    monkeypatch.setattr(tell, "_send_alerts", lambda *of: told.append(of[0]))

    def refuse(*_: object, **__: object) -> None:
        raise ConfigurationError("the lock gs://x cannot be used: no right", "look at the right")

    monkeypatch.setattr(night, "hold_lock", refuse)
    with pytest.raises(ConfigurationError):
        run_with(Dbt(BUILT))
    (record,) = told
    assert (record.status, record.problem) == (
        "refused",
        "the lock gs://x cannot be used: no right",
    )
    (copy,) = read_copies(settings, 5)
    assert copy[RUNS][0]["run_id"] == record.run_id


def test_a_lock_that_another_run_holds_is_no_alert(
    run_with: Callable[..., Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tell, "_send_alerts", pytest.fail)

    def refuse(*_: object, **__: object) -> None:
        raise RunLocked("another run", "wait")

    monkeypatch.setattr(night, "hold_lock", refuse)
    with pytest.raises(RunLocked):
        run_with(Dbt(BUILT))
