"""Publishing: all or nothing before the copies start, and every copy accounted for."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest
from google.api_core.exceptions import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    ServiceUnavailable,
)
from google.auth.exceptions import RefreshError, TransportError
from google.cloud.bigquery import Table, TimePartitioning
from requests.exceptions import ChunkedEncodingError

from orchestrator.bigquery.connect import Connection
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.dbt.artifacts import ManifestNode
from orchestrator.dbt.node import Node
from orchestrator.errors import EXIT_FAILED, EXIT_TRANSIENT, ConfigurationError, LockLost
from orchestrator.interruption import Interruption
from orchestrator.run.gates import check_gates, published_models
from orchestrator.run.outcome import exit_code_of
from orchestrator.run.publish import PublishResult, publish_tables
from orchestrator.settings.groups import RetrySettings
from orchestrator.settings.values import Settings
from tests.unit.fence_fake import Fence
from tests.unit.run_sample import begun_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud.bigquery import CopyJobConfig, Dataset, DatasetReference


def model(name: str, *, published: bool = True, materialized: str = "table") -> ManifestNode:
    return ManifestNode(
        f"model.concord.{name}",
        name,
        "model",
        f"`p`.`concord_marts`.`{name}`",
        (),
        materialized=materialized,
        meta={"published": True} if published else {},
    )


def node(name: str, status: str, kind: str = "model") -> Node:
    return Node(f"{kind}.concord.{name}", status)


WAITS: list[float] = []
MANIFEST = {
    found.unique_id: found
    for found in (model("dim_persons"), model("dim_companies"), model("int_x", published=False))
}


class CopyJob:
    """A copy job: it has happened when somebody waits for it."""

    def __init__(self, client: CopyClient, source: str, target: str) -> None:
        self._client, self._source, self._target = client, source, target

    def result(self, timeout: float) -> None:
        """Copy, or fail as told."""
        assert timeout > 0
        if self._source in self._client.broken:
            raise self._client.broken[self._source]
        client, is_new = self._client, self._target not in self._client.tables
        client.tables[self._target] = client.tables[self._source]
        if is_new and self._source in client.layouts:
            client.layouts[self._target] = client.layouts[self._source]


class CopyClient:
    """Tables by name; a copy needs its source and the dataset of its target."""

    def __init__(self, *tables: str) -> None:
        self.tables = {name: f"rows of {name}" for name in tables}
        # Month or year of the partitions, and clusters; a copy into a new table takes them along.
        self.layouts: dict[str, tuple[str, list[str]]] = {}
        self.datasets: set[str] = set()
        self.broken: dict[str, Exception] = {}
        self.started = 0
        self.on_start: Callable[[], object] = lambda: None

    def get_dataset(self, reference: DatasetReference) -> None:
        """Know a dataset."""
        if reference.dataset_id not in self.datasets:
            raise NotFound(reference.dataset_id)

    def create_dataset(self, dataset: Dataset, *, exists_ok: bool) -> None:
        """Make a dataset."""
        assert not exists_ok
        self.datasets.add(dataset.dataset_id)

    def list_tables(self, dataset: str) -> list[Table]:
        """List tables as they are described."""
        return [self.get_table(name) for name in self.tables if name.startswith(f"{dataset}.")]

    def get_table(self, name: str) -> Table:
        """Describe a table."""
        if name not in self.tables:
            raise NotFound(name)
        table = Table(name)
        table._properties["type"] = "TABLE"
        unit, clusters = self.layouts.get(name, ("", []))
        if unit:
            table.time_partitioning = TimePartitioning(unit, "occurred_at")
        if clusters:
            table.clustering_fields = clusters
        return table

    def update_table(self, table: Table, fields: list[str]) -> None:
        """Cluster a table in another way."""
        assert fields == ["clustering_fields"]
        name = str(table.reference)
        self.layouts[name] = (self.layouts.get(name, ("", []))[0], table.clustering_fields or [])

    def delete_table(self, table: Table) -> None:
        """Drop a table."""
        name = str(table.reference)
        del self.tables[name], self.layouts[name]

    def copy_table(self, source: str, target: str, job_config: CopyJobConfig) -> CopyJob:
        """Start a copy that replaces the target."""
        assert job_config.write_disposition == "WRITE_TRUNCATE"
        if source not in self.tables or target.split(".")[1] not in self.datasets:
            raise NotFound(f"Not found: {source}")
        self.started += 1
        self.on_start()
        return CopyJob(self, source, target)


def connection(client: CopyClient) -> Connection:
    return Connection(Settings(project="p"), client)  # type: ignore[arg-type]


def test_gates_open_when_all_published_models_are_built_and_nothing_failed() -> None:
    nodes = [
        node("dim_persons", "success"),
        node("dim_companies", "success"),
        node("a", "warn", "test"),
    ]
    gates = check_gates(nodes, MANIFEST)
    assert gates.are_open
    assert gates.reason == ""


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        (node("unique_id", "fail", "test"), "unique_id failed"),
        (node("int_x", "error"), "int_x failed"),
        (node("dim_persons", "skipped"), "dim_persons was not built in this run"),
        (node("dim_persons", "not_run"), "dim_persons was not built in this run"),
    ],
)
def test_gates_close(extra: Node, reason: str) -> None:
    nodes = [node("dim_companies", "success"), extra]
    if extra.name != "dim_persons":
        nodes.append(node("dim_persons", "success"))
    gates = check_gates(nodes, MANIFEST)
    assert not gates.are_open
    assert gates.reason == reason


def test_a_run_of_a_part_publishes_nothing() -> None:
    gates = check_gates([node("dim_persons", "success")], MANIFEST)
    assert gates.not_built == ("dim_companies",)


def test_publish_copies_what_is_marked_and_nothing_else() -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=WAITS.append)
    assert result.problem == ""
    assert result.copied == ("dim_companies", "dim_persons")
    assert {name for name in client.tables if "published" in name} == {
        "p.concord_published.dim_companies",
        "p.concord_published.dim_persons",
    }
    assert client.tables["p.concord_published.dim_persons"] == "rows of p.concord_marts.dim_persons"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("", []), ("", ["person_id"])),
        (("", ["person_id"]), ("", [])),
        (("", ["person_id"]), ("MONTH", ["person_id"])),
        (("MONTH", []), ("YEAR", [])),
        (("YEAR", ["a", "b"]), ("YEAR", ["b", "a"])),
        (("YEAR", ["a"]), ("YEAR", ["a"])),
    ],
)
def test_a_published_table_is_laid_out_as_its_model(
    before: tuple[str, list[str]], after: tuple[str, list[str]]
) -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    for table in ("p.concord_marts.dim_persons", "p.concord_published.dim_persons"):
        client.tables[table] = table
        client.layouts[table] = before
    client.layouts["p.concord_marts.dim_persons"] = after
    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=WAITS.append)
    assert result.problem == ""
    assert client.layouts["p.concord_published.dim_persons"] == after
    assert client.tables["p.concord_published.dim_persons"] == "p.concord_marts.dim_persons"


def test_a_layout_that_cannot_be_read_is_asked_for_again() -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    answers: list[Exception] = [ServiceUnavailable("503 away")]
    stock_list = client.list_tables

    def list_tables(dataset: str) -> list[Table]:
        if answers:
            raise answers.pop()
        return stock_list(dataset)

    client.list_tables = list_tables  # type: ignore[method-assign]
    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=WAITS.append)
    assert result.problem == ""
    assert result.copied == ("dim_companies", "dim_persons")


@pytest.mark.parametrize("error", [Forbidden("quota"), TimeoutError()])
def test_a_copy_that_fails_names_the_others(error: Exception) -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    client.broken["p.concord_marts.dim_companies"] = error
    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=WAITS.append)
    assert result.copied == ("dim_persons",)
    assert "dim_companies was not published: " in result.problem
    assert "published in this run: dim_persons" in result.problem
    # The next night repeats all of them.
    client.broken.clear()
    assert publish_tables(connection(client), MANIFEST, Fence(), sleep=WAITS.append).copied == (
        "dim_companies",
        "dim_persons",
    )


@pytest.mark.parametrize(
    "error", [ServiceUnavailable("503 away"), Conflict("Already Exists: Job p:US.j")]
)
def test_a_copy_that_may_succeed_is_made_again(error: Exception) -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    client.broken["p.concord_marts.dim_companies"] = error
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        client.broken.clear()

    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=wait)
    assert result.problem == ""
    assert result.copied == ("dim_companies", "dim_persons")
    assert waits == [1.0]


@pytest.mark.parametrize(("lost_at", "published"), [(1, 0), (2, 0), (3, 1)])
def test_who_lost_the_lock_starts_no_copy_any_more(lost_at: int, published: int) -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    with pytest.raises(LockLost):
        publish_tables(connection(client), MANIFEST, Fence(lost_at), sleep=WAITS.append)
    assert client.started == published


def test_the_lock_is_confirmed_before_every_round_of_copies() -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    client.broken["p.concord_marts.dim_companies"] = ServiceUnavailable("503 away")
    fence = Fence(lost_at=4)
    # Another run took it over while this one waited for its second try.
    with pytest.raises(LockLost):
        publish_tables(connection(client), MANIFEST, fence, sleep=WAITS.append)
    assert fence.asked == ["confirm", "require", "require", "confirm"]
    assert client.started == 2


def test_an_interrupt_leaves_none_of_the_copies_or_all() -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    client.on_start = lambda: signal.raise_signal(signal.SIGTERM)
    with (
        Interruption(60) as interruption,
        pytest.raises(KeyboardInterrupt),
        interruption.delivered(),
    ):
        publish_tables(connection(client), MANIFEST, Fence(), at_once=interruption.held_back)
    assert client.started == 2


def test_a_refused_copy_is_not_made_again() -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    client.broken["p.concord_marts.dim_companies"] = Forbidden("Access Denied: Table x")
    waits: list[float] = []
    assert publish_tables(connection(client), MANIFEST, Fence(), sleep=waits.append).failed
    assert waits == []


def test_a_copy_that_cannot_start_is_named_too() -> None:
    client = CopyClient("p.concord_marts.dim_persons")
    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=WAITS.append)
    assert [one.name for one in result.failed] == ["dim_companies"]
    assert result.copied == ("dim_persons",)


def test_without_marked_models_nothing_is_made() -> None:
    client = CopyClient()
    assert publish_tables(connection(client), {}, Fence(), sleep=WAITS.append) == PublishResult()
    assert client.datasets == set()


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RefreshError("invalid_grant: Bad Request"), ErrorClass.LOGIN),
        (TransportError("HTTPSConnectionPool: Max retries exceeded"), ErrorClass.TRANSIENT),
        (ChunkedEncodingError("Response ended prematurely"), ErrorClass.TRANSIENT),
        (ServiceUnavailable("later"), ErrorClass.TRANSIENT),
        (Forbidden("Access Denied: Table"), ErrorClass.PERMANENT),
    ],
)
def test_a_copy_that_fails_for_whatever_reason_is_no_traceback(
    error: Exception, expected: ErrorClass
) -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    client.broken["p.concord_marts.dim_companies"] = error
    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=WAITS.append)
    assert result.copied == ("dim_persons",)
    assert result.classes == {expected}


@pytest.mark.parametrize(
    ("classes", "code"),
    [
        ({ErrorClass.TRANSIENT}, EXIT_TRANSIENT),
        ({ErrorClass.QUOTA, ErrorClass.CONFLICT}, EXIT_TRANSIENT),
        ({ErrorClass.TRANSIENT, ErrorClass.PERMANENT}, EXIT_FAILED),
        ({ErrorClass.LOGIN}, EXIT_FAILED),
    ],
)
def test_the_exit_code_of_a_run_that_could_not_publish(classes: set[ErrorClass], code: int) -> None:
    run = begun_run("r", publish_problem="x was not published", publish_classes=frozenset(classes))
    assert exit_code_of(run) == code


def test_a_copy_is_waited_for_longer_each_time_up_to_the_longest() -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    client.broken["p.concord_marts.dim_companies"] = ServiceUnavailable("503 away")
    waits: list[float] = []
    settings = Settings(
        project="p", retry=RetrySettings(attempts=6, first_wait_seconds=1, longest_wait_seconds=8)
    )
    stubborn = Connection(settings, client)  # type: ignore[arg-type]
    result = publish_tables(stubborn, MANIFEST, Fence(), sleep=waits.append)
    assert waits == [1.0, 2.0, 4.0, 8.0, 8.0]
    assert result.copied == ("dim_persons",)


def test_a_copy_that_does_not_end_is_not_made_again() -> None:
    """It may still be running: a second one would write beside it."""
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    client.broken["p.concord_marts.dim_companies"] = TimeoutError()
    waits: list[float] = []
    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=waits.append)
    assert waits == []
    [failed] = result.failed
    assert failed.reason == "not done after 600 s"
    assert failed.error_class is ErrorClass.TRANSIENT


def test_a_refusal_that_nobody_knows_is_tried_once_more_and_stays_unknown() -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    client.broken["p.concord_marts.dim_companies"] = BadRequest("who knows")
    waits: list[float] = []
    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=waits.append)
    assert waits == [1.0]
    assert result.classes == {ErrorClass.UNKNOWN}
    assert "dim_companies was not published: the warehouse refused: who knows" in result.problem


@pytest.mark.parametrize("kind", ["view", "ephemeral"])
def test_what_is_no_table_cannot_be_published(kind: str) -> None:
    one = model("v", materialized=kind)
    with pytest.raises(ConfigurationError, match=f"v is published and a {kind}"):
        published_models({one.unique_id: one})


def test_a_table_that_keeps_its_layout_is_not_dropped() -> None:
    client = CopyClient("p.concord_marts.dim_persons", "p.concord_marts.dim_companies")
    for table in ("p.concord_marts.dim_persons", "p.concord_published.dim_persons"):
        client.tables[table] = table
        client.layouts[table] = ("MONTH", ["person_id"])
    client.delete_table = pytest.fail  # type: ignore[assignment, method-assign]
    client.update_table = pytest.fail  # type: ignore[assignment, method-assign]
    result = publish_tables(connection(client), MANIFEST, Fence(), sleep=WAITS.append)
    assert result.problem == ""
