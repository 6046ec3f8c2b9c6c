"""Metrics of a service that runs, sent by OTLP every minute on a thread of their own.

docs/use/serving.md lists the names. Of a request they hold method, status and the template of its
address; not who asked, what, or from where.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from orchestrator.logs import get_logger
from orchestrator.metrics.send import LONGEST_SECONDS, open_exporter
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from opentelemetry.metrics import CallbackOptions, Observation
    from opentelemetry.sdk.metrics import MeterProvider
    from opentelemetry.sdk.metrics.view import View

    from orchestrator.settings.values import Settings

EVERY_SECONDS: Final = 60.0
REQUESTS: Final = "http.server.request.duration"
TOLD_OF_REQUESTS: Final = frozenset(
    ("http.request.method", "http.route", "http.response.status_code")
)


@dataclass(frozen=True, slots=True)
class ServiceFigure:
    """One figure, and how it is read; None where there is nothing to tell."""

    name: str
    unit: str
    read: Callable[[], float | None]
    is_sum: bool = False


class ServiceMetrics:
    """Sends the figures of one start of a service until it is stopped."""

    def __init__(
        self, settings: Settings, started_as: str, figures: Iterable[ServiceFigure]
    ) -> None:
        """Begin to send; an endpoint that is away is asked again."""
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
        from opentelemetry.sdk.resources import Resource

        reader = PeriodicExportingMetricReader(
            open_exporter(settings),
            export_interval_millis=EVERY_SECONDS * 1000,
            export_timeout_millis=LONGEST_SECONDS * 1000,
        )
        resource = Resource(
            {
                "service.name": "concord-serve",
                "service.namespace": settings.target,
                "service.instance.id": started_as,
                "gcp.project_id": settings.project,
            }
        )
        self.provider: MeterProvider = MeterProvider(
            [reader], resource, shutdown_on_exit=False, views=_views()
        )
        meter = self.provider.get_meter("concord")
        for figure in figures:
            make = (
                meter.create_observable_counter if figure.is_sum else meter.create_observable_gauge
            )
            make(figure.name, [_observed(figure)], figure.unit)

    def stop(self) -> None:
        """Send once more, and end; an endpoint that is away costs three seconds at most."""
        try:
            self.provider.shutdown(timeout_millis=LONGEST_SECONDS * 1000)
        except Exception as error:  # noqa: BLE001 - metrics are no reason to fail
            get_logger().warning("metrics were not sent", problem=redact(str(error)))


def _views() -> list[View]:
    """Leave of the instrumentation one histogram, and of a request what nobody is known by."""
    from opentelemetry.sdk.metrics.view import DropAggregation, View

    return [
        View(instrument_name=REQUESTS, attribute_keys=set(TOLD_OF_REQUESTS)),
        View(instrument_name="http.server.*", aggregation=DropAggregation()),
    ]


def _observed(figure: ServiceFigure) -> Callable[[CallbackOptions], Iterable[Observation]]:
    from opentelemetry.metrics import Observation

    def observe(options: Any) -> Iterable[Observation]:  # noqa: ANN401, ARG001 - of the SDK
        value = figure.read()
        if value is not None:
            yield Observation(value)

    return observe
