"""What is measured, and that an endpoint that fails costs little."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, cast

import pytest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality

from orchestrator.bigquery.connect import Connection
from orchestrator.metrics import send as metrics
from orchestrator.metrics.match_figures import EntityFigures, read_match_figures
from orchestrator.metrics.send import LONGEST_SECONDS, RunMetrics
from orchestrator.settings.values import Settings
from tests.unit.otlp_endpoints import closed_port, server, silent_listener, with_endpoint
from tests.unit.run_sample import ended_run

if TYPE_CHECKING:
    from pathlib import Path

    from google.cloud.bigquery import Client
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader

DELTA = AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA
CUMULATIVE = AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
FIGURES = (
    EntityFigures("company", 20, 3, 0.25, 0.99, 0.9),
    EntityFigures("person", 0, 0, None, None, None),
)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(project_dir=tmp_path)


def points(reader: InMemoryMetricReader) -> dict[str, dict[tuple[str, ...], Any]]:
    """Return the points by name of the metric and values of the attributes."""
    data = reader.get_metrics_data()
    assert data is not None
    return {
        metric.name: {
            tuple(str(value) for value in (point.attributes or {}).values()): point
            for point in metric.data.data_points
        }
        for scope in data.resource_metrics[0].scope_metrics
        for metric in scope.metrics
    }


def test_a_run_becomes_counters_gauges_and_histograms(settings: Settings) -> None:
    taken = RunMetrics(settings)
    taken.record_run(ended_run(), FIGURES)
    found = points(taken.reader)
    assert found["concord.runs"]["failed",].value == 1
    assert found["concord.nodes"]["error", "model"].value == 1
    assert found["concord.nodes"]["success", "model"].value == 1
    assert found["concord.retries"][()].value == 1
    assert found["concord.rows"]["model",].value == 42
    assert found["concord.bytes_billed"]["model",].value == 10_485_760
    assert found["concord.run.duration"]["failed",].sum == 90
    assert found["concord.node.duration"]["model",].count == 2
    assert found["concord.step.duration"]["build",].value == 88
    assert found["concord.match.rate"]["company",].value == 0.75
    assert found["concord.match.unmatched_share"]["company",].value == 0.25
    assert found["concord.match.review_queue"]["company",].value == 3
    assert ("person",) not in found["concord.match.rate"]
    assert found["concord.process.memory_peak"][()].value > 10 * 1024**2
    assert found["concord.process.cpu_time"][()].value > 0
    assert "concord.run.last_success" not in found


def test_a_success_leaves_its_time(settings: Settings) -> None:
    record = ended_run(status="success", nodes=())
    taken = RunMetrics(settings)
    taken.record_run(record)
    assert record.ended_at is not None
    last = points(taken.reader)["concord.run.last_success"][()].value
    assert last == record.ended_at.timestamp()


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for an endpoint that answers for as long as a busy machine takes."""
    monkeypatch.setattr(metrics, "LONGEST_SECONDS", 120.0)


@pytest.mark.usefixtures("patience")
def test_an_endpoint_gets_the_metrics(settings: Settings) -> None:
    received: list[bytes] = []
    with server(200, received) as endpoint:
        taken = RunMetrics(with_endpoint(settings, endpoint))
        taken.record_run(ended_run(), FIGURES)
        assert taken.flush() == ""
    (request,) = map(ExportMetricsServiceRequest.FromString, received)
    resource = request.resource_metrics[0]
    attributes = {item.key: item.value.string_value for item in resource.resource.attributes}
    assert attributes["service.name"] == "concord"
    assert attributes["gcp.project_id"] == "concord-local"
    sent = {metric.name: metric for metric in resource.scope_metrics[0].metrics}
    # What a night adds: sums since the start of its process would be the same every night.
    assert sent["concord.runs"].sum.aggregation_temporality == DELTA
    assert sent["concord.run.duration"].histogram.aggregation_temporality == DELTA


@pytest.mark.usefixtures("patience")
def test_two_nights_add_up_where_only_sums_since_the_start_are_taken(settings: Settings) -> None:
    received: list[bytes] = []
    with server(200, received) as endpoint:
        for _ in range(2):
            taken = RunMetrics(with_endpoint(settings, endpoint, temporality="cumulative"))
            taken.record_run(ended_run())
            assert taken.flush() == ""
    starts = []
    for request in map(ExportMetricsServiceRequest.FromString, received):
        sent = request.resource_metrics[0].scope_metrics[0].metrics
        (runs,) = (metric.sum for metric in sent if metric.name == "concord.runs")
        assert runs.aggregation_temporality == CUMULATIVE
        starts.append(runs.data_points[0].start_time_unix_nano)
    # A reset that says so: the second night is no repetition of the first.
    assert starts[0] < starts[1]


@pytest.mark.parametrize("kind", ["closed", "silent", "500", "400", "nonsense"])
@pytest.mark.parametrize("timeout", [2.0, 60.0])
def test_a_dead_endpoint_is_a_problem_and_no_more(
    settings: Settings, kind: str, timeout: float
) -> None:
    endpoints: dict[str, Any] = {
        "closed": closed_port,
        "silent": silent_listener,
        "500": lambda: server(500),
        "400": lambda: server(400),
        "nonsense": lambda: contextmanager(lambda: iter(["no address"]))(),
    }
    with endpoints[kind]() as endpoint:
        taken = RunMetrics(with_endpoint(settings, endpoint, timeout_seconds=timeout))
        taken.record_run(ended_run(), FIGURES)
        problem = taken.flush()
    assert problem
    # It is not the endpoint's own limit that ends the waiting. On a machine that is busy, the
    # request may end in the moment in which nobody waits any more.
    if (kind, timeout) == ("silent", 60.0):
        given_up = "the endpoint did not take the metrics"
        assert problem in (f"no answer within {LONGEST_SECONDS:g} s", given_up)


@pytest.mark.usefixtures("patience")
def test_missing_credentials_are_a_problem_and_no_error(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_session(_: Settings) -> None:
        raise RuntimeError("no credentials of ann@example.org")

    monkeypatch.setattr(metrics, "_google_session", no_session)
    taken = RunMetrics(with_endpoint(settings, "http://127.0.0.1:9/", google_auth=True))
    assert taken.flush() == "RuntimeError: no credentials of <email>"


@pytest.mark.usefixtures("patience")
def test_requests_are_signed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    import google.auth
    from google.oauth2.credentials import Credentials

    asked: list[object] = []

    def default(scopes: list[str]) -> tuple[Credentials, str]:
        asked.append(scopes)
        return Credentials("token-1"), "project"

    monkeypatch.setattr(google.auth, "default", default)
    seen: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(self.headers["Authorization"])
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as listening:
        threading.Thread(target=listening.handle_request, daemon=True).start()
        endpoint = f"http://127.0.0.1:{listening.server_port}/v1/metrics"
        taken = RunMetrics(with_endpoint(settings, endpoint, google_auth=True))
        taken.record_run(ended_run())
        assert taken.flush() == ""
    assert seen == ["Bearer token-1"]
    assert asked == [["https://www.googleapis.com/auth/cloud-platform"]]


def test_figures_come_from_the_newest_quality(settings: Settings) -> None:
    class Warehouse:
        def query_and_wait(self, sql: str, **limits: object) -> list[dict[str, object]]:
            assert "`concord-local.concord_marts.match_quality`" in sql
            assert limits["wait_timeout"]
            return [{name: getattr(FIGURES[0], name) for name in FIGURES[0].__slots__}]

    connection = Connection(settings, cast("Client", Warehouse()))
    assert read_match_figures(connection) == FIGURES[:1]


def test_figures_that_cannot_be_read_are_none(settings: Settings) -> None:
    class Warehouse:
        def query_and_wait(self, sql: str, **_: object) -> None:
            raise ConnectionError("refused")

    assert read_match_figures(Connection(settings, cast("Client", Warehouse()))) == ()
