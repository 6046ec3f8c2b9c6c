"""What monitoring sees of a service: Prometheus asks for it, an OTLP endpoint is sent it."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from sqlite3 import Error as SqliteError
from typing import TYPE_CHECKING, Final

from prometheus_client import GC_COLLECTOR, PLATFORM_COLLECTOR, PROCESS_COLLECTOR
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator

from orchestrator.logs import get_logger
from orchestrator.metrics.service import ServiceFigure, ServiceMetrics
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI
    from prometheus_client import Metric

    from orchestrator.api.service import Service
    from orchestrator.serving.snapshot import Snapshot

# Probes ask more often than people.
NOT_COUNTED: Final = ("/metrics", "/livez", "/readyz")


def age_seconds(snapshot: Snapshot) -> float:
    """Return how old the data of a snapshot are."""
    age = datetime.now(UTC) - datetime.fromisoformat(snapshot.data_as_of)
    return age.total_seconds()


def service_figures(service: Service) -> tuple[ServiceFigure, ...]:
    """Return what is told of a service beside its requests."""

    def age() -> float | None:
        return age_seconds(service.snapshot) if service.holder.is_ready else None

    def pending() -> float | None:
        with suppress(SqliteError):
            return float(service.outbox.count_pending())
        return None

    return (
        ServiceFigure("concord.serve.data_age", "s", age),
        ServiceFigure("concord.serve.decisions_pending", "{decision}", pending),
        ServiceFigure(
            "concord.serve.snapshot_loads",
            "{snapshot}",
            lambda: float(service.holder.n_loaded),
            is_sum=True,
        ),
    )


class FiguresCollector(Collector):
    """The figures of a service as Prometheus names them."""

    def __init__(self, figures: tuple[ServiceFigure, ...]) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Yield what there is now."""
        for figure in self._figures:
            value = figure.read()
            if value is not None:
                unit = "_seconds" if figure.unit == "s" else ""
                kind = CounterMetricFamily if figure.is_sum else GaugeMetricFamily
                name = figure.name.replace(".", "_") + unit
                yield kind(name, f"See {figure.name}", value=value)


def add_figures(app: FastAPI, service: Service) -> None:
    """Let Prometheus ask at /metrics, and send to the OTLP endpoint of the settings."""
    figures = service_figures(service)
    # Of its own: two services in one process are two.
    registry = CollectorRegistry()
    for one in (PROCESS_COLLECTOR, PLATFORM_COLLECTOR, GC_COLLECTOR, FiguresCollector(figures)):
        registry.register(one)
    counting = Instrumentator(excluded_handlers=list(NOT_COUNTED), registry=registry)
    counting.instrument(app).expose(app, include_in_schema=False)
    app.state.sent = None
    # The description of the API is made without a service.
    if service is None or service.settings.metrics.endpoint is None:
        return
    try:
        app.state.sent = _sent(app, service, figures)
    except Exception as error:  # noqa: BLE001 - metrics are no reason to fail
        problem = redact(f"{type(error).__name__}: {error}")
        get_logger().warning("metrics are not sent", problem=problem)


def stop_figures(app: FastAPI) -> None:
    """Send once more, and end."""
    if app.state.sent is not None:
        app.state.sent.stop()


def _sent(app: FastAPI, service: Service, figures: tuple[ServiceFigure, ...]) -> ServiceMetrics:
    # Read when the first app is instrumented: the names and attributes that are stable.
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")
    from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
    from opentelemetry.trace import NoOpTracerProvider

    sent = ServiceMetrics(service.settings, service.started_as, figures)
    FastAPIInstrumentor.instrument_app(
        app,
        meter_provider=sent.provider,
        tracer_provider=NoOpTracerProvider(),
        excluded_urls=",".join(f"{path}$" for path in NOT_COUNTED),
        exclude_spans=["receive", "send"],
    )
    return sent
