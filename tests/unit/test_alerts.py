"""From a run to a message, and what is kept of it."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import pytest
from google.api_core.exceptions import NotFound, ServiceUnavailable
from google.auth.credentials import AnonymousCredentials
from google.cloud.bigquery import Client
from pydantic import SecretStr

from orchestrator.alerts import AlertResult, Anomaly, alert, anomalies, store
from orchestrator.alerts.message import LONGEST_BODY, MOST_ENTRIES, Message
from orchestrator.alerts.send import Delivery
from orchestrator.alerts.store import COPY, KEPT_EVENTS, event_schema, read_alerts
from orchestrator.bigquery.connect import Connection
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.bigquery.patience import Patience
from orchestrator.files.state_files import open_run_files
from orchestrator.settings.groups import AlertSettings
from orchestrator.settings.values import Settings
from tests.unit.alert_endpoints import answering, closed, silent
from tests.unit.run_sample import STARTED, ended_run, node

if TYPE_CHECKING:
    from pathlib import Path

    from google.cloud.bigquery import (
        Dataset,
        DatasetReference,
        LoadJobConfig,
        QueryJobConfig,
    )

    from orchestrator.run_log.run import Run

TABLE = "concord-local.concord_ops.alert_events"
FINE: dict[str, Any] = {"status": "success", "problem": "", "nodes": (node("a"), node("b"))}


class FakeWarehouse:
    """The calls of the store. A load needs the dataset, and makes the table."""

    def __init__(self) -> None:
        self.datasets: set[str] = set()
        self.rows: list[dict[str, Any]] | None = None
        self.is_down = False

    def get_dataset(self, dataset: DatasetReference) -> None:
        self._check()
        if dataset.dataset_id not in self.datasets:
            raise NotFound(dataset.dataset_id)

    def create_dataset(self, dataset: Dataset, **_: object) -> None:
        self._check()
        self.datasets.add(dataset.dataset_id)

    def query_and_wait(
        self, sql: str, job_config: QueryJobConfig, **_: object
    ) -> list[dict[str, Any]]:
        self._check()
        assert f"`{TABLE}`" in sql
        if self.rows is None:
            raise NotFound(TABLE)
        if job_config.query_parameters:
            wanted = set(job_config.query_parameters[0].values)
            return [{"run_id": i} for i in {row["run_id"] for row in self.rows} & wanted]
        last = {
            row["fingerprint"]: row for row in sorted(self.rows, key=lambda row: row["happened_at"])
        }
        return list(last.values())

    def load_table_from_json(
        self, rows: list[dict[str, Any]], name: str, job_config: LoadJobConfig, **_: object
    ) -> FakeWarehouse:
        self._check()
        assert name == TABLE
        assert "concord_ops" in self.datasets
        assert job_config.time_partitioning.field == "happened_at"
        assert job_config.write_disposition == "WRITE_APPEND"
        columns = {column.name for column in event_schema()}
        assert all(set(row) == columns for row in rows)
        self.rows = [*(self.rows or ()), *json.loads(json.dumps(rows))]
        return self

    def result(self, timeout: float) -> None:
        assert timeout > 0

    def _check(self) -> None:
        if self.is_down:
            raise ServiceUnavailable("503 down")


class Outbox:
    """A sender that keeps the messages."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.is_working = True

    def __call__(self, _: AlertSettings, message: Message) -> tuple[Delivery, ...]:
        self.messages.append(message)
        return (Delivery("address 1", self.is_working, "" if self.is_working else "HTTP 500"),)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(project_dir=tmp_path, alert=AlertSettings(run_link="https://x/{run_id}"))


@pytest.fixture
def warehouse() -> FakeWarehouse:
    return FakeWarehouse()


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


@pytest.fixture
def connection(settings: Settings, warehouse: FakeWarehouse) -> Connection:
    return Connection(settings, cast("Client", warehouse))


def night(
    connection: Connection | None,
    settings: Settings,
    outbox: Outbox,
    day: float,
    **values: Any,  # noqa: ANN401
) -> AlertResult:
    now = STARTED + timedelta(days=day)
    odd = values.pop("anomalies", ())
    record = ended_run(f"r{day}", **values)
    return alert(connection, settings, record, odd, clock=lambda: now, sender=outbox)


def failing(*names: str, **values: Any) -> tuple[Any, ...]:  # noqa: ANN401
    values = {"error_class": ErrorClass.PERMANENT, "owner": "data-team", "status": "error"} | values
    return tuple(node(name, **values) for name in names)


def test_a_run_sends_one_message_grouped_by_severity_owner_and_advice(
    connection: Connection, settings: Settings, outbox: Outbox
) -> None:
    odd = Anomaly("match_rate", "person", 0.25, 0.5, -7.3, "warning", "Look at the sources.")
    nodes = (
        *failing("b", "a", message="Database Error in model b\n  Jane Doe"),
        *failing("t", status="fail", error_class=ErrorClass.DATA, owner=None),
        node("late", "skipped"),
    )
    result = night(connection, settings, outbox, 0, nodes=nodes, anomalies=(odd,))
    assert not result.problem
    (message,) = outbox.messages
    assert message.title == "Concord local: 4 new"
    assert message.page == "trigger"
    assert message.body == (
        "Run r0 of local: failed after 1.5 min (4 nodes, 3 failed, 1 not run, 1 retries).\n\n"
        "https://x/r0\n\n"
        "ERROR, data-team\n"
        "- model.concord.a (new, permanent): Database Error in model b\n"
        "- model.concord.b (new, permanent): Database Error in model b\n"
        "What to do: Correct the model, the right or the table; trying again does not help.\n"
        "Runbook: docs/operate/runbooks.md#node-permanent\n\n"
        "ERROR, no owner\n"
        "- model.concord.t (new, data)\n"
        "What to do: Run the test's query, look at the rows it finds, and correct their source.\n"
        "Runbook: docs/operate/runbooks.md#node-data\n\n"
        "WARNING, no owner\n"
        "- match_rate of person (new, anomaly): 0.25, usually 0.5 (robust z -7.3)\n"
        "What to do: Look at the sources.\n"
        "Runbook: docs/operate/runbooks.md#figure-match_rate"
    )


def test_known_failures_are_counted_and_ends_are_named(
    connection: Connection, settings: Settings, outbox: Outbox
) -> None:
    night(connection, settings, outbox, 0, nodes=failing("a", "b"))
    night(connection, settings, outbox, 0.25, nodes=failing("a", "b"))
    assert len(outbox.messages) == 1
    night(connection, settings, outbox, 0.5, nodes=(*failing("a"), node("b")))
    assert outbox.messages[1].title == "Concord local: 1 resolved"
    assert "Resolved: model.concord.b." in outbox.messages[1].body
    assert "Known already, no reminder due: 1." in outbox.messages[1].body
    # Something that pages still goes on.
    assert outbox.messages[1].page is None
    night(connection, settings, outbox, 1.5, **FINE)
    assert outbox.messages[2].page == "resolve"
    night(connection, settings, outbox, 2.5, **FINE)
    assert len(outbox.messages) == 3


def test_many_failures_stay_one_short_message(
    connection: Connection, settings: Settings, outbox: Outbox
) -> None:
    names = [f"model_{n:03}" for n in range(300)]
    night(connection, settings, outbox, 0, nodes=failing(*names, message="x" * 5000))
    (message,) = outbox.messages
    assert message.body.count("model.concord.") == MOST_ENTRIES
    assert "... and 280 more." in message.body
    assert len(message.body) <= LONGEST_BODY


@pytest.mark.parametrize(
    "text",
    [
        "Bad int64 value: Ann Lee, ann.lee@example.org at [3:4]",
        "Could not convert string 'Ann Lee' to INT64",
        "duplicate key: ann.lee@example.org; call +1 (555) 010-4477",
        "Database Error in model a\n  Ann Lee <ann.lee@example.org> 555-010-4477",
        "Got 1 result\nAnn Lee\nann.lee@example.org",
    ],
)
@pytest.mark.parametrize("place", ["node", "run"])
def test_no_value_of_a_record_is_sent_or_kept(
    connection: Connection,
    settings: Settings,
    outbox: Outbox,
    warehouse: FakeWarehouse,
    text: str,
    place: str,
) -> None:
    values = {"nodes": failing("a", message=text)} if place == "node" else {"nodes": ()}
    night(connection, settings, outbox, 0, problem=text, what_to_do=text, **values)
    (message,) = outbox.messages
    kept = f"{message} {warehouse.rows} {open_run_files(settings).read(COPY)}"
    for value in ("Ann", "Lee", "example.org", "010", "4477"):
        assert value not in kept


def test_nothing_is_written_on_a_good_night(
    connection: Connection, settings: Settings, outbox: Outbox, warehouse: FakeWarehouse
) -> None:
    assert night(connection, settings, outbox, 0, **FINE) == AlertResult()
    assert warehouse.rows is None
    assert open_run_files(settings).read(COPY) is None


def test_the_copy_is_the_state_while_the_warehouse_is_down(
    connection: Connection, settings: Settings, outbox: Outbox, warehouse: FakeWarehouse
) -> None:
    warehouse.is_down = True
    first = night(connection, settings, outbox, 0, nodes=failing("a"))
    assert "503 down" in first.problem
    night(None, settings, outbox, 0.25, nodes=failing("a"))
    assert len(outbox.messages) == 1
    warehouse.is_down = False
    third = night(connection, settings, outbox, 0.5, **FINE)
    assert not third.problem
    assert warehouse.rows is not None
    stages = [(row["run_id"], row["stage"]) for row in warehouse.rows]
    assert stages == [("r0", "new"), ("r0.25", "suppressed"), ("r0.5", "resolved")]


def test_the_table_is_the_state_where_the_disk_is_new(
    connection: Connection, settings: Settings, outbox: Outbox, tmp_path: Path
) -> None:
    night(connection, settings, outbox, 0, nodes=failing("a"))
    elsewhere = settings.with_changes(project_dir=tmp_path / "new")
    night(connection, elsewhere, outbox, 0.25, nodes=failing("a"))
    assert [message.title for message in outbox.messages] == ["Concord local: 1 new"]


def test_a_delivery_is_recorded_and_a_failed_one_made_up_for(
    connection: Connection, settings: Settings, outbox: Outbox, warehouse: FakeWarehouse
) -> None:
    outbox.is_working = False
    result = night(connection, settings, outbox, 0, nodes=failing("a"))
    assert result.problem == "address 1: HTTP 500"
    outbox.is_working = True
    assert not night(connection, settings, outbox, 0.25, nodes=failing("a")).problem
    assert [m.title for m in outbox.messages] == ["Concord local: 1 new"] * 2
    assert [(r["is_delivered"], r["delivery"]) for r in warehouse.rows or ()] == [
        (False, "address 1: HTTP 500"),
        (True, "address 1: delivered"),
    ]


def test_an_incident_that_the_pager_did_not_close_is_closed_the_next_night(
    connection: Connection, settings: Settings
) -> None:
    sent: list[str | None] = []

    def sender(_: AlertSettings, message: Message) -> tuple[Delivery, ...]:
        sent.append(message.page)
        works = len(sent) != 2
        return Delivery("address 1", True), Delivery(
            "pagerduty", works, "" if works else "HTTP 500"
        )

    for day, values in enumerate(({"nodes": failing("a")}, FINE, FINE, FINE)):
        record = ended_run(f"r{day}", **values)
        clock = partial(STARTED.__add__, timedelta(days=day))
        alert(connection, settings, record, (), clock=clock, sender=sender)
    assert sent == ["trigger", "resolve", "resolve"]


def test_a_dead_address_and_a_working_fallback_leave_the_run_alone(
    connection: Connection,
    settings: Settings,
    warehouse: FakeWarehouse,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = ended_run("r1", nodes=failing("a"))
    before = replace(record)
    # Nearly all of the time is for the one that works, however busy the machine is.
    monkeypatch.setattr(import_module("orchestrator.alerts.send"), "FIRST_SHARE", 0.02)
    with answering() as fallback:
        settings = settings.with_changes(
            alert=AlertSettings(
                addresses=(SecretStr(closed().address),),
                fallback_addresses=(SecretStr(fallback.address),),
                budget_seconds=120.0,
            )
        )
        result = alert(connection, settings, record, ())
    assert record == before
    assert not result.problem
    assert fallback.bodies[0]["title"] == "Concord local: 1 new"
    (row,) = warehouse.rows or [{}]
    # A refused connection is tried again until its time is over: either of the two is said.
    said = ("address 1: no connection, or no answer", "address 1: no answer in time")
    assert row["delivery"] in [f"{text}; fallback 1: delivered" for text in said]
    assert row["is_delivered"]


@pytest.mark.parametrize("is_silent", [False, True])
def test_a_dead_warehouse_does_not_hold_up_the_message(
    settings: Settings, outbox: Outbox, monkeypatch: pytest.MonkeyPatch, *, is_silent: bool
) -> None:
    """Google's client alone would try a query for 40 minutes."""
    for module in (store, anomalies):
        name = "HASTY" if module is store else "BRIEF"
        monkeypatch.setattr(module, name, Patience(0.3, 0.3))
    with silent() if is_silent else nullcontext(closed()) as endpoint:
        client = Client(
            project=settings.project,
            credentials=AnonymousCredentials(),
            client_options={"api_endpoint": f"http://127.0.0.1:{endpoint.port}"},
        )
        connection = Connection(settings, client)
        assert anomalies.read_anomalies(connection) is None
        result = night(connection, settings, outbox, 0, nodes=failing("a"), anomalies=None)
    assert "Timeout" in result.problem
    assert len(outbox.messages) == 1


def broken_sender(_: AlertSettings, __: Message) -> tuple[Delivery, ...]:
    raise RuntimeError("ann.lee@example.org")


def broken_clock() -> Any:  # noqa: ANN401
    raise OSError("no clock")


def test_whatever_breaks_nothing_is_raised(
    connection: Connection, settings: Settings, warehouse: FakeWarehouse
) -> None:
    record: Run = ended_run(nodes=failing("a"))
    result = alert(connection, settings, record, (), sender=broken_sender)
    assert result.problem == "RuntimeError: <email>"
    assert [row["is_delivered"] for row in warehouse.rows or ()] == [False]
    assert alert(None, settings, record, (), clock=broken_clock).problem == "OSError: no clock"
    settings.state_dir.joinpath("runs").rename(settings.state_dir / "old")
    (settings.state_dir / "runs").write_text("a file where a folder should be")
    outbox = Outbox()
    blocked = alert(None, settings, record, (), sender=outbox)
    assert len(outbox.messages) == 1
    assert "Error" in blocked.problem


def test_a_copy_that_somebody_broke_is_left_alone(settings: Settings, outbox: Outbox) -> None:
    open_run_files(settings).write(COPY, "{half")
    result = night(None, settings, outbox, 0, nodes=failing("a"))
    assert "JSONDecodeError" in result.problem
    assert len(outbox.messages) == 1
    assert open_run_files(settings).read(COPY) == "{half"


def test_the_copy_stays_small_and_forgets_no_open_alert(settings: Settings, outbox: Outbox) -> None:
    night(None, settings, outbox, 0, nodes=failing("old"))
    for day in range(1, 6):
        names = [f"m{n}" for n in range(500)]
        night(None, settings, outbox, day, nodes=failing(*names))
    text = open_run_files(settings).read(COPY) or ""
    assert len(text.splitlines()) <= KEPT_EVENTS + 1
    state, problem = read_alerts(None, settings)
    assert not problem
    assert len(state) == 501
