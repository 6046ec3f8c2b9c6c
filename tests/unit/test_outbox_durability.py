"""Decisions where the disk ends with the process: none is lost, none is taken that was refused."""

from __future__ import annotations

import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from fastapi.testclient import TestClient

from orchestrator.api import sent_first
from orchestrator.api.app import create_app
from orchestrator.api.callers import STEWARD, Caller
from orchestrator.api.outbox import Outbox
from orchestrator.api.sent_first import SentFirst
from orchestrator.api.start import open_service
from orchestrator.errors import WarehouseUnavailable
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.serve import ServeSettings
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import ANN, ANN_1, BOB_3, ROWS, PublishedSample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from orchestrator.api.callers import LocalKey
    from orchestrator.api.service import Service
    from orchestrator.bigquery.connect import Connection
    from orchestrator.decisions.decision import StewardDecision

KEY: Final = "key-0001"


class Decisions:
    """The table of decisions; each failure happens once, before or after the row is there."""

    def __init__(self) -> None:
        self.rows: dict[str, StewardDecision] = {}
        self.fails: list[Exception] = []
        self.fails_afterwards: list[Exception] = []
        self.n_looks = 0
        self.n_sent = 0

    def connect(self) -> Connection:
        if self.fails:
            raise self.fails.pop()
        return cast("Connection", self)

    def append(
        self, _: Connection, decisions: list[StewardDecision], patience: object = None
    ) -> None:
        self.n_sent += 1
        for one in decisions:
            self.rows.setdefault(one.decision_id, one)
        if self.fails_afterwards:
            raise self.fails_afterwards.pop()

    def named(
        self, _: Connection, names: list[str], patience: object
    ) -> dict[str, StewardDecision]:
        return {name: self.rows[name] for name in names if name in self.rows}

    def since(self, _: Connection, since: datetime, patience: object) -> list[StewardDecision]:
        self.n_looks += 1
        return [one for one in self.rows.values() if one.decided_at >= since]


@pytest.fixture
def warehouse(monkeypatch: pytest.MonkeyPatch) -> Decisions:
    made = Decisions()
    monkeypatch.setattr(sent_first, "append", made.append)
    monkeypatch.setattr(sent_first, "read_named", made.named)
    monkeypatch.setattr(sent_first, "read_since", made.since)
    monkeypatch.setattr("orchestrator.api.outbox.append", made.append)
    monkeypatch.setattr("orchestrator.api.outbox.ensure_own_tables", lambda connection: None)
    monkeypatch.setattr("orchestrator.api.outbox.SEND_SECONDS", 0.05)
    return made


@pytest.fixture
def instance(tmp_path: Path, warehouse: Decisions) -> Callable[[str], Any]:
    """Return how to start an instance, which has a disk of its own and the snapshots of all."""

    @contextmanager
    def started(name: str) -> Iterator[tuple[TestClient, Service]]:
        place = tmp_path / "snapshots"
        settings = Settings(
            state_folder=tmp_path / name,
            serve=ServeSettings(sends_first=True, snapshots=str(place)),
        )
        if not place.exists():
            build_snapshot(cast("Connection", PublishedSample(settings)), "r1", StepClock())
        service = open_service(settings)
        service.outbox._connect = warehouse.connect
        headers = {"Authorization": f"Bearer {cast('LocalKey', service.tokens).key}"}
        app = create_app(service)
        with TestClient(app, headers=headers, raise_server_exceptions=False) as client:
            yield client, service

    return started


def decide(client: TestClient, key: str = KEY, **changes: str) -> Any:  # noqa: ANN401 - of httpx
    """Send a decision."""
    body = {"entity": "person", "left_id": ANN_1, "right_id": BOB_3, "verdict": "same"}
    return client.post("/v1/decisions", json={**body, **changes}, headers={"Idempotency-Key": key})


def code_of(answer: Any) -> tuple[int, str]:  # noqa: ANN401 - of httpx
    """Return the status and the code of a problem."""
    return answer.status_code, answer.json()["code"]


def open_questions(client: TestClient) -> list[int]:
    """Return the priorities of the questions that are asked."""
    return [row["priority"] for row in client.get("/v1/review").json()["rows"]]


def wait_for(condition: Callable[[], object]) -> None:
    """Wait until the thread that looks has done it."""
    for _ in range(2400):
        if condition():
            return
        time.sleep(0.025)
    raise AssertionError("never came")


def test_a_decision_is_answered_when_the_warehouse_has_it(
    instance: Callable[[str], Any], warehouse: Decisions
) -> None:
    with instance("a") as (client, _):
        answer = decide(client, reason="same voice")
        assert (answer.status_code, answer.json()["state"]) == (202, "sent")
        assert list(warehouse.rows) == [answer.json()["decision_id"]]
        assert decide(client, reason="same voice").status_code == 200
        assert code_of(decide(client, verdict="different")) == (409, "another_decision")
        assert open_questions(client) == [2, 3]
        assert len(warehouse.rows) == 1


def test_what_is_decided_together_is_sent_together(
    instance: Callable[[str], Any], warehouse: Decisions
) -> None:
    with instance("a") as (client, service):
        caller = Caller("erin", STEWARD)
        assert client.get(f"/login?ticket={service.sessions.ticket(caller)}").status_code == 200
        page = client.get(f"/review/persons/{ANN}").text
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        data = {**fields, "verdict": "different", "priority": ["1", "2", "3"]}
        warehouse.fails = [WarehouseUnavailable("the warehouse is away", "wait")]
        assert client.post(f"/review/persons/{ANN}", data=data).status_code == 502
        assert (warehouse.rows, service.outbox.all()) == ({}, [])
        told = client.post(f"/review/persons/{ANN}", data=data).text
        assert "Decided: different, 3 times" in told
        assert (warehouse.n_sent, len(warehouse.rows)) == (1, 3)
        assert {one.state for one in service.outbox.all()} == {"sent"}


def test_a_refused_decision_is_not_sent_behind_the_callers_back(
    instance: Callable[[str], Any], warehouse: Decisions
) -> None:
    with instance("a") as (client, service):
        wait_for(lambda: warehouse.n_looks)
        warehouse.fails = [WarehouseUnavailable("the warehouse is away", "wait")]
        answer = decide(client)
        assert code_of(answer) == (502, "warehouse")
        assert "under the same key" in answer.json()["detail"]
        # From outside Cloud Run may keep the address with the z to itself.
        for address in ("/healthz", "/health"):
            answer = client.get(address)
            health = {one["name"]: one for one in answer.json()["components"]}
            assert (answer.status_code, health["decisions"]["is_well"]) == (503, False)
        service.outbox.send()
        assert (warehouse.rows, service.outbox.all()) == ({}, [])
        assert open_questions(client) == [1, 2, 3]
        assert decide(client).status_code == 202
        assert not service.outbox.problem


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimeoutError("no answer"), (504, "too_slow")),
        (WarehouseUnavailable("the line broke", "wait"), (502, "warehouse")),
        (RuntimeError("of our own"), (500, "broken")),
    ],
)
def test_what_the_warehouse_took_without_an_answer_is_one_decision(
    instance: Callable[[str], Any],
    warehouse: Decisions,
    error: Exception,
    expected: tuple[int, str],
) -> None:
    with instance("a") as (client, _):
        warehouse.fails_afterwards = [error]
        assert code_of(decide(client)) == expected
        again = decide(client)
        assert (again.status_code, again.json()["state"]) == (200, "sent")
        assert list(warehouse.rows) == [again.json()["decision_id"]]


def test_the_next_instance_knows_what_was_decided(
    instance: Callable[[str], Any], warehouse: Decisions
) -> None:
    with instance("a") as (client, _):
        first = decide(client).json()
    with instance("b") as (client, service):
        wait_for(service.outbox.all)
        assert open_questions(client) == [2, 3]
        latest = client.get("/v1/decisions").json()["decisions"]
        assert latest[0]["decision_id"] == first["decision_id"]
        assert decide(client).status_code == 200
    assert len(warehouse.rows) == 1


def test_two_instances_hold_one_decision_under_one_key(
    instance: Callable[[str], Any], warehouse: Decisions
) -> None:
    with instance("a") as (one, _), instance("b") as (other, service):
        wait_for(lambda: warehouse.n_looks == 2)
        assert decide(one).status_code == 202
        # The other has not looked since; the warehouse tells it.
        assert service.outbox.all() == []
        assert code_of(decide(other, verdict="different")) == (409, "another_decision")
        assert decide(other).status_code == 200
        assert len(warehouse.rows) == 1


def test_a_tag_changes_with_what_others_decide(
    instance: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, warehouse: Decisions
) -> None:
    monkeypatch.setattr(sent_first, "LOOK_SECONDS", 0.0)
    with instance("a") as (one, _), instance("b") as (other, service):
        tag = other.get("/v1/decisions").headers["etag"]
        decide(one)
        wait_for(service.outbox.all)
        answer = other.get("/v1/decisions", headers={"If-None-Match": tag})
        assert answer.status_code == 200
        settled = answer.headers["etag"]
        looks = warehouse.n_looks
        wait_for(lambda: warehouse.n_looks > looks + 2)
        assert other.get("/v1/decisions", headers={"If-None-Match": settled}).status_code == 304, (
            "a look that finds nothing new changes nothing"
        )


def test_what_the_snapshot_shows_is_not_shown_twice(
    instance: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, warehouse: Decisions
) -> None:
    monkeypatch.setattr(sent_first, "LOOK_SECONDS", 0.0)
    with instance("a") as (client, service):
        decision_id = decide(client).json()["decision_id"]
        audited = {**ROWS["decision_audit"][0], "decision_id": decision_id, "state": "opposed"}
        sample = PublishedSample(service.settings, {**ROWS, "decision_audit": [audited]})
        build_snapshot(cast("Connection", sample), "r2", StepClock())
        service.holder.refresh()
        looks = warehouse.n_looks
        for _ in range(3):
            (known,) = client.get("/v1/decisions").json()["decisions"]
            assert (known["decision_id"], known["state"]) == (decision_id, "opposed")
            assert open_questions(client) == [1, 2, 3]
            service.outbox.send()
        assert warehouse.n_looks > looks
        assert service.outbox.all() == []
        # A repetition is still the same decision.
        assert decide(client).status_code == 200


def test_a_look_that_fails_is_told_and_made_again(
    instance: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch, warehouse: Decisions
) -> None:
    monkeypatch.setattr(sent_first, "LOOK_SECONDS", 0.0)
    with instance("a") as (_, service):
        wait_for(lambda: warehouse.n_looks)
        said: list[str] = []
        warehouse.fails = [WarehouseUnavailable("the warehouse is away", "wait")]
        service.outbox.stop()
        said.append(service.outbox.problem)
        service.outbox.send()
        said.append(service.outbox.problem)
    # The thread may have met the failure before.
    assert said[-1] == ""
    assert set(said) <= {"", "the warehouse is away"}


def test_what_an_earlier_start_kept_is_sent(
    instance: Callable[[str], Any], tmp_path: Path, warehouse: Decisions
) -> None:
    with instance("a") as (client, _):
        first = decide(client).json()
    decision = warehouse.rows.pop(first["decision_id"])
    kept = Outbox(tmp_path / "b" / "serve", warehouse.connect)
    kept.keep(decision, "key-0002")
    with instance("b"):
        wait_for(lambda: len(warehouse.rows) == 1)


@pytest.mark.parametrize(
    ("service_name", "asked", "expected"),
    [
        (None, None, Outbox),
        ("concord-api", None, SentFirst),
        ("concord-api", False, Outbox),
        (None, True, SentFirst),
    ],
)
def test_cloud_run_is_known_by_its_variable(
    service_name: str | None,
    asked: bool | None,
    expected: type,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("K_SERVICE", raising=False)
    if service_name is not None:
        monkeypatch.setenv("K_SERVICE", service_name)
    settings = Settings(state_folder=tmp_path, serve=ServeSettings(sends_first=asked))
    assert type(open_service(settings).outbox) is expected
