"""What a service tells of itself: to Prometheus, and to an OTLP endpoint."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, cast

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from structlog.testing import capture_logs

from orchestrator.api.app import create_app
from orchestrator.api.figures import age_seconds
from orchestrator.api.start import open_service
from orchestrator.decisions.decision import StewardDecision
from orchestrator.errors import WarehouseUnavailable
from orchestrator.metrics import service as service_metrics
from orchestrator.metrics.send import LONGEST_SECONDS
from orchestrator.metrics.service import TOLD_OF_REQUESTS
from orchestrator.serving.build import build_snapshot
from orchestrator.settings.values import Settings
from orchestrator.steps import StepClock
from tests.serving_sample import ANN, ANN_1, BOB_3, NOW, PublishedSample
from tests.unit.otlp_endpoints import closed_port, server, silent_listener, with_endpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from orchestrator.api.callers import LocalKey
    from orchestrator.api.service import Service
    from orchestrator.bigquery.connect import Connection

# A machine that is busy may take a while; an endpoint that is waited for would take longer.
MUCH_LONGER: Final = 60.0


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings of a service that has a snapshot."""
    values = Settings(state_folder=tmp_path / "state")
    build_snapshot(cast("Connection", PublishedSample(values)), "r1", StepClock())
    return values


def opened(settings: Settings) -> Service:
    """Return a service whose warehouse is away, with one decision on its way."""

    def no_warehouse() -> Connection:
        raise WarehouseUnavailable("away", "wait")

    service = open_service(settings)
    service.outbox._connect = no_warehouse
    service.outbox.keep(
        StewardDecision("person", ANN_1, BOB_3, "same", "sam", NOW, ""), "a key of it"
    )
    return service


def points(received: list[bytes]) -> dict[str, list[tuple[dict[str, str], Any]]]:
    """Return the newest points by name, with their attributes."""
    found: dict[str, list[tuple[dict[str, str], Any]]] = {}
    for resource in ExportMetricsServiceRequest.FromString(received[-1]).resource_metrics:
        for scope in resource.scope_metrics:
            for metric in scope.metrics:
                data = getattr(metric, metric.WhichOneof("data"))
                found[metric.name] = [(_attributes(one), one) for one in data.data_points]
    return found


def _attributes(point: Any) -> dict[str, str]:  # noqa: ANN401
    return {
        item.key: str(item.value.string_value or item.value.int_value) for item in point.attributes
    }


def test_an_endpoint_gets_requests_and_state(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.metrics.send.LONGEST_SECONDS", 120.0)
    monkeypatch.setattr(service_metrics, "LONGEST_SECONDS", 120.0)
    received: list[bytes] = []
    with server(200, received) as endpoint:
        service = opened(with_endpoint(settings, endpoint))
        with TestClient(create_app(service)) as client:
            client.headers["Authorization"] = f"Bearer {cast('LocalKey', service.tokens).key}"
            client.headers["User-Agent"] = "agent-of-ann"
            client.headers["Host"] = "host-of-ann.example"
            for path in (
                f"/v1/persons/{ANN}",
                f"/v1/persons/{ANN}/members?cursor=secret-words",
                f"/v1/persons/{ANN}/members",
                "/reconcile/secret-key/suggest/entity?prefix=secret-words",
                "/secret-path",
                "/livez",
            ):
                client.get(path)
        assert received
    found = points(received)
    requests = {
        (said.get("http.route", ""), said["http.response.status_code"]): one.count
        for said, one in found["http.server.request.duration"]
    }
    assert requests == {
        ("/v1/{kind}/{entity_id}", "200"): 1,
        ("/v1/{kind}/{entity_id}/{aspect}", "200"): 1,
        ("/v1/{kind}/{entity_id}/{aspect}", "400"): 1,
        ("/reconcile/{key}/suggest/{what}", "401"): 1,
        ("", "404"): 1,
    }
    told = {name for several in found.values() for said, _ in several for name in said}
    assert told == TOLD_OF_REQUESTS
    state = {name: several[0][1] for name, several in found.items() if name.startswith("concord")}
    assert state["concord.serve.decisions_pending"].as_double == 1
    assert state["concord.serve.snapshot_loads"].as_double == 1
    assert state["concord.serve.data_age"].as_double != 0
    assert set(found) == {*state, "http.server.request.duration"}
    for secret in (b"secret", b"of-ann", ANN.encode(), b"testclient", b"Bearer"):
        assert secret not in b"".join(received)


@pytest.mark.parametrize("kind", [closed_port, silent_listener, lambda: server(500)])
def test_a_dead_endpoint_holds_nobody_up(
    settings: Settings, kind: Callable[[], AbstractContextManager[str]]
) -> None:
    with kind() as endpoint:
        service = opened(with_endpoint(settings, endpoint))
        client = TestClient(create_app(service))
        with client:
            assert client.get("/readyz").status_code == 200
            began = time.monotonic()
        # The endpoint's own limit is two minutes.
        assert time.monotonic() - began < MUCH_LONGER
    assert LONGEST_SECONDS < 3


def test_what_cannot_be_sent_is_no_reason_not_to_serve(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_session(_: Settings) -> None:
        raise RuntimeError("no credentials of ann@example.org")

    monkeypatch.setattr("orchestrator.metrics.send._google_session", no_session)
    given = with_endpoint(settings, "http://127.0.0.1:9/", google_auth=True)
    with capture_logs() as lines, TestClient(create_app(opened(given))) as client:
        assert client.get("/readyz").status_code == 200
    problems = [str(line["problem"]) for line in lines if "problem" in line]
    assert any("no credentials of <email>" in one for one in problems)


def test_prometheus_gets_the_same(settings: Settings) -> None:
    service = opened(settings)
    with TestClient(create_app(service)) as client:
        client.get("/reconcile/secret-key")
        before = age_seconds(service.snapshot)
        text = client.get("/metrics").text
        after = age_seconds(service.snapshot)
        # Probes are not counted, nor is this.
        assert 'handler="/livez"' not in text
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line[:1] != "#")
    assert before <= float(lines["concord_serve_data_age_seconds"]) <= after
    assert lines["concord_serve_decisions_pending"] == "1.0"
    assert lines["concord_serve_snapshot_loads_total"] == "1.0"
    assert "process_resident_memory_bytes" in lines
    assert "secret-key" not in text
    # Without a snapshot the data have no age.
    service.holder._snapshot = None
    text = TestClient(create_app(service)).get("/metrics").text
    assert "concord_serve_data_age_seconds " not in text
    assert "concord_serve_decisions_pending 1.0" in text
