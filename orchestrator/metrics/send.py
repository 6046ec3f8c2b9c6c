"""Metrics of a run, sent once by OTLP when it is over. A dead endpoint costs three seconds at most.

docs/operate/run-log.md lists the names.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.credentials import google_credentials
from orchestrator.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.sdk.metrics.export import AggregationTemporality, InMemoryMetricReader

    from orchestrator.metrics.match_figures import EntityFigures
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings

# For everything together: credentials, connection, attempts, answer. With what a busy machine adds
# it stays below the three seconds that are promised.
LONGEST_SECONDS: Final = 2.5
COUNTERS: Final = {
    "concord.runs": "{run}",
    "concord.nodes": "{node}",
    "concord.retries": "{retry}",
    "concord.rows": "{row}",
    "concord.bytes_billed": "By",
}
HISTOGRAMS: Final = {
    "concord.run.duration": "s",
    "concord.node.duration": "s",
}
GAUGES: Final = {
    "concord.run.last_success": "s",
    "concord.step.duration": "s",
    "concord.match.records": "{record}",
    "concord.match.rate": "1",
    "concord.match.unmatched_share": "1",
    "concord.match.expected_precision": "1",
    "concord.match.expected_recall": "1",
    "concord.match.review_queue": "{pair}",
    "concord.ids.change_share": "1",
    "concord.ids.partition_distance": "1",
    "concord.process.memory_peak": "By",
    "concord.process.cpu_time": "s",
}
# From a fraction of a second to a whole night.
SECONDS_BOUNDS: Final = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 4 * 3600)


class RunMetrics:
    """The instruments of one run, and what they have taken."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._instruments: dict[str, Any] = {}
        self.reader = self._set_up()

    def record_run(self, run: Run, figures: Iterable[EntityFigures] = ()) -> None:
        """Take the figures of a run that is over."""
        self._put("concord.runs", 1, status=run.status)
        self._put("concord.retries", run.retries)
        self._put("concord.run.duration", run.seconds, status=run.status)
        if run.is_success and run.ended_at:
            self._put("concord.run.last_success", run.ended_at.timestamp())
        for step, seconds in run.step_seconds.items():
            self._put("concord.step.duration", seconds, step=step)
        for node in run.nodes:
            kind = node.resource_type
            self._put("concord.nodes", 1, status=node.status, type=kind)
            self._put("concord.node.duration", node.seconds, type=kind)
            self._put("concord.rows", node.rows_affected, type=kind)
            self._put("concord.bytes_billed", node.bytes_billed, type=kind)
        for entity, changes in run.id_changes.items():
            self._put("concord.ids.change_share", changes.share, entity=entity)
            self._put("concord.ids.partition_distance", changes.distance, entity=entity)
        for figure in figures:
            self._record_matching(figure)
        self._record_process()

    def flush(self) -> str:
        """Send everything, once; return the problem, or ''. Never raises, never takes longer."""
        problems = [f"no answer within {LONGEST_SECONDS:g} s"]
        # The exporter's own limit is one for each attempt, and a socket may trickle.
        sending = threading.Thread(target=lambda: problems.append(self._send()), daemon=True)
        sending.start()
        sending.join(LONGEST_SECONDS)
        return problems[-1]

    def _set_up(self) -> InMemoryMetricReader:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import InMemoryMetricReader
        from opentelemetry.sdk.resources import Resource

        settings = self._settings
        # A run is a process: a sum since its start is the same every night, and never grows.
        reader = InMemoryMetricReader(preferred_temporality=chosen_temporality(settings))
        # One run per target at a time, so a target is what a time series belongs to.
        resource = Resource(
            {
                "service.name": "concord",
                "service.namespace": settings.target,
                "service.instance.id": settings.dataset,
                "gcp.project_id": settings.project,
            }
        )
        provider = MeterProvider([reader], resource, shutdown_on_exit=False)
        meter = provider.get_meter("concord")
        for name, unit in COUNTERS.items():
            self._instruments[name] = meter.create_counter(name, unit).add
        for name, unit in GAUGES.items():
            self._instruments[name] = meter.create_gauge(name, unit).set
        for name, unit in HISTOGRAMS.items():
            histogram = meter.create_histogram(
                name, unit, explicit_bucket_boundaries_advisory=SECONDS_BOUNDS
            )
            self._instruments[name] = histogram.record
        return reader

    def _put(self, name: str, value: float | None, **attributes: str) -> None:
        if value is not None:
            self._instruments[name](value, attributes)

    def _record_matching(self, figure: EntityFigures) -> None:
        values = {
            "records": figure.records,
            "review_queue": figure.review_pairs,
            "unmatched_share": figure.unmatched_share,
            "rate": None if figure.unmatched_share is None else 1 - figure.unmatched_share,
            "expected_precision": figure.expected_precision,
            "expected_recall": figure.expected_recall,
        }
        for name, value in values.items():
            self._put(f"concord.match.{name}", value, entity=figure.entity)

    def _record_process(self) -> None:
        import resource

        usage = resource.getrusage(resource.RUSAGE_SELF)
        # Linux counts it in KiB. psutil knows no peak there.
        self._put("concord.process.memory_peak", usage.ru_maxrss * 1024)
        self._put("concord.process.cpu_time", usage.ru_utime + usage.ru_stime)

    def _send(self) -> str:
        try:
            from opentelemetry.sdk.metrics.export import MetricExportResult

            exporter = open_exporter(self._settings)
            data = self.reader.get_metrics_data()
            if data is None or exporter.export(data) is MetricExportResult.SUCCESS:
                return ""
        except Exception as error:  # noqa: BLE001 - metrics are no reason to fail
            return redact(f"{type(error).__name__}: {error}")
        return "the endpoint did not take the metrics"


def chosen_temporality(settings: Settings) -> dict[type, AggregationTemporality]:
    """Return how sums are told: since the last time, or since the start."""
    from opentelemetry.sdk.metrics import Counter, Histogram, ObservableCounter
    from opentelemetry.sdk.metrics.export import AggregationTemporality

    temporality = AggregationTemporality[settings.metrics.temporality.upper()]
    return dict.fromkeys((Counter, Histogram, ObservableCounter), temporality)


def open_exporter(settings: Settings) -> OTLPMetricExporter:
    """Return what sends to the endpoint of the settings, and gives up in time."""
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter

    given = settings.metrics
    return OTLPMetricExporter(
        endpoint=given.endpoint,
        timeout=min(given.timeout_seconds, LONGEST_SECONDS),
        session=_google_session(settings) if given.google_auth else None,
        preferred_temporality=chosen_temporality(settings),
    )


def _google_session(settings: Settings) -> Any:  # noqa: ANN401 - google.auth has no types
    from google.auth.transport.requests import AuthorizedSession

    return AuthorizedSession(google_credentials(settings))
