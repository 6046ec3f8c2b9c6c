"""What a good build leads to: in which order, under the lock, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.dbt.artifacts import ManifestNode
from orchestrator.dbt.node import Node
from orchestrator.dbt.request import RunRequest
from orchestrator.errors import LockLost, TooManyIdsChange
from orchestrator.models.used import TRAINED
from orchestrator.run import accept
from orchestrator.run.gates import LEDGER_ROWS
from orchestrator.run.id_gate import ID_CHANGES, read_id_changes
from orchestrator.run.publish import NotPublished, PublishResult
from orchestrator.run_log.id_changes import IdChanges
from orchestrator.settings.serve import ServeSettings
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.unit.fence_fake import Fence
from tests.unit.run_sample import begun_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from orchestrator.run_log.run import Run

NAMES = ("dim_persons", *LEDGER_ROWS, *sorted(TRAINED))
REFUSED = NotPublished("dim_persons", "no right", ErrorClass.PERMANENT)
MANY = {"person": IdChanges("person", 0.5)}


def declared(name: str, kind: str = "model") -> ManifestNode:
    meta = {"published": True} if name == "dim_persons" else {}
    relation = f"`p`.`concord_x`.`{name}`"
    return ManifestNode(f"{kind}.concord.{name}", name, kind, relation, (), meta=meta)


MANIFEST = {
    one.unique_id: one
    for one in (*(declared(name) for name in NAMES), declared("persons_history", "snapshot"))
}
BUILT = {f"model.concord.{name}": Node(f"model.concord.{name}", "success") for name in NAMES}


def night(**values: Any) -> Run:  # noqa: ANN401
    return begun_run("r2", **({"manifest": MANIFEST, "node_by_id": BUILT, "attempts": 1} | values))


class Accepting:
    """Stands in for all that accepting writes, and notes what is written with what."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wrote: list[str] = []
        self.published = PublishResult(("dim_persons",))
        self.changes: dict[str, IdChanges] = {}
        self.snapshot_problem = ""
        self.lock: Any = Fence()
        self.runner: Any = object()
        self.interruption: Any = SimpleNamespace(held_back=object())
        serving = ServeSettings(after_run=True)
        self.connection: Any = SimpleNamespace(settings=Settings(project="p", serve=serving))
        self.clock = StepClock()
        self.serving_problem: Exception | None = None
        monkeypatch.setattr(accept, "read_id_changes", self._read)
        monkeypatch.setattr(accept, "commit_ledger", self._commit)
        monkeypatch.setattr(accept, "note_row_counts", self._note)
        monkeypatch.setattr(accept, "keep_trained_model", self._keep)
        monkeypatch.setattr(accept, "publish_tables", self._publish)
        monkeypatch.setattr(accept, "take_snapshots", self._take)
        monkeypatch.setattr(accept, "build_snapshot", self._build)

    def __call__(self, run: Run) -> Run:
        accept.accept_night(
            run, self.connection, self.clock, self.runner, self.lock, self.interruption
        )
        return run

    def _read(self, connection: object, run: Run) -> dict[str, IdChanges]:
        assert (connection, run.run_id) == (self.connection, "r2")
        return self.changes

    def _commit(self, connection: object, run: Run, fence: object, *, at_once: object) -> int:
        assert (connection, fence) == (self.connection, self.lock)
        assert at_once is self.interruption.held_back
        self.wrote.append(f"ledger of {run.run_id}")
        return 7

    def _note(self, connection: object, run_id: str, at: object, counts: object) -> None:
        assert connection is self.connection
        self.wrote.append(f"{counts} of {run_id} at {at}")

    def _keep(self, run: Run, connection: object) -> None:
        assert connection is self.connection
        self.wrote.append(f"model of {run.run_id}, lock {self.lock.asked[-1]}")

    def _publish(
        self,
        connection: object,
        manifest: Mapping[str, ManifestNode],
        fence: object,
        *,
        at_once: object,
    ) -> PublishResult:
        assert (connection, fence) == (self.connection, self.lock)
        assert "model.concord.dim_persons" in manifest
        assert at_once is self.interruption.held_back
        self.wrote.append("tables")
        return self.published

    def _take(self, runner: object) -> str:
        assert runner is self.runner
        self.wrote.append(f"history, lock {self.lock.asked[-1]}")
        return self.snapshot_problem

    def _build(self, connection: object, run_id: str, clock: object) -> None:
        assert (connection, clock) == (self.connection, self.clock)
        self.wrote.append(f"serving of {run_id}")
        if self.serving_problem is not None:
            raise self.serving_problem


@pytest.fixture
def accepting(monkeypatch: pytest.MonkeyPatch) -> Accepting:
    return Accepting(monkeypatch)


def test_a_good_night_is_accepted_in_one_order(accepting: Accepting) -> None:
    run = accepting(night(source_rows={"files.people": 3}))
    assert accepting.wrote == [
        "ledger of r2",
        f"{{'files.people': 3}} of r2 at {run.started_at}",
        "model of r2, lock require",
        "tables",
        "history, lock require",
        "serving of r2",
    ]
    assert list(accepting.clock.seconds) == ["commit", "model", "publish", "snapshots"]
    assert (run.committed_rows, run.published_tables) == (7, 1)
    assert (run.publish_problem, run.snapshot_problem) == ("", "")


def test_a_build_that_failed_leads_to_nothing(accepting: Accepting) -> None:
    bad = BUILT | {"model.concord.bad": Node("model.concord.bad", "error")}
    accepting(night(node_by_id=bad))
    part = accepting(night(node_by_id=dict(list(BUILT.items())[1:])))
    assert accepting.wrote == []
    assert part.not_published == "dim_persons was not built in this run"


def test_too_many_changed_ids_leave_everything_unless_they_are_accepted(
    accepting: Accepting,
) -> None:
    accepting.changes = MANY
    run = night()
    with pytest.raises(TooManyIdsChange):
        accepting(run)
    assert accepting.wrote == []
    # What would have changed is told all the same.
    assert run.id_changes == MANY
    accepting(night(request=RunRequest(accept_changes=True)))
    assert accepting.wrote[0] == "ledger of r2"


def test_a_retry_that_builds_nothing_notes_no_counts(accepting: Accepting) -> None:
    accepting(night(attempts=0))
    assert not [one for one in accepting.wrote if " at " in one]
    assert "tables" in accepting.wrote


@pytest.mark.parametrize(("lost_at", "wrote"), [(1, 2), (2, 4)])
def test_who_lost_the_lock_keeps_no_model_and_takes_no_history(
    accepting: Accepting, lost_at: int, wrote: int
) -> None:
    accepting.lock = Fence(lost_at)
    with pytest.raises(LockLost):
        accepting(night())
    assert len(accepting.wrote) == wrote


@pytest.mark.parametrize(
    "published", [PublishResult(), PublishResult(("a",), (REFUSED,)), PublishResult((), (REFUSED,))]
)
def test_what_is_not_all_published_becomes_no_history_and_is_not_served(
    accepting: Accepting, published: PublishResult
) -> None:
    accepting.published = published
    run = accepting(night())
    assert accepting.wrote[-1] == "tables"
    assert run.publish_problem == published.problem
    assert run.publish_classes == published.classes


def test_a_project_without_a_history_and_without_a_ledger_is_published(
    accepting: Accepting,
) -> None:
    alone = "model.concord.dim_persons"
    accepting(night(manifest={alone: MANIFEST[alone]}, node_by_id={alone: BUILT[alone]}))
    assert accepting.wrote == ["tables", "serving of r2"]


def test_a_snapshot_is_left_for_the_service_on_request_only(accepting: Accepting) -> None:
    accepting.connection.settings = Settings(project="p")
    accepting(night())
    assert accepting.wrote[-1].startswith("history")


def test_what_goes_wrong_with_the_snapshots_is_told_and_the_night_is_good(
    accepting: Accepting,
) -> None:
    accepting.snapshot_problem = "the history failed"
    accepting.serving_problem = OSError("disk full")
    run = accepting(night())
    assert run.published_tables == 1
    first, second = run.snapshot_problem.split("\n")
    assert first == "the history failed"
    assert second.startswith("the serving snapshot could not be written: ")
    assert second.endswith("disk full")
    accepting.snapshot_problem = ""
    assert accepting(night()).snapshot_problem == second


def asked_with(rows: list[dict[str, Any]]) -> tuple[Any, list[Any]]:
    """Return a warehouse that answers so, and what it is asked."""
    asked: list[Any] = []

    def query(sql: str, *parameters: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        asked.extend((sql, *parameters))
        return rows

    return SimpleNamespace(query=query), asked


def test_the_changes_of_ids_are_those_of_this_night_and_of_what_it_resumes() -> None:
    mart = replace(declared(ID_CHANGES), relation=f"`p`.`concord_quality`.`{ID_CHANGES}`")
    rows = [{"entity": "person", "share": 0.1, "distance": 0.2}]
    connection, asked = asked_with(rows)
    run = night(manifest=MANIFEST | {mart.unique_id: mart}, resumed=("r0", "r1"))
    assert read_id_changes(connection, run) == {"person": IdChanges("person", 0.1, 0.2)}
    sql, night_ids = asked
    assert f"from `p.concord_quality.{ID_CHANGES}`" in sql
    assert "id_change_share is not null" in sql
    assert (night_ids.name, night_ids.array_type) == ("night_ids", "STRING")
    assert night_ids.values == ["r0", "r1", "r2"]


def test_a_project_without_the_mart_of_changes_compares_nothing() -> None:
    connection, asked = asked_with([])
    assert read_id_changes(connection, night()) == {}
    assert asked == []
