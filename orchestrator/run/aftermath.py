"""What follows a run: its log, its metrics, and who is told. None of it changes the result."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from orchestrator.alerts import alert
from orchestrator.alerts.anomalies import read_anomalies
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.logs import get_logger
from orchestrator.metrics.match_figures import read_match_figures
from orchestrator.metrics.send import RunMetrics
from orchestrator.run.facts import RunFacts
from orchestrator.run_log.copies import keep_copy
from orchestrator.run_log.kept_attempts import keep_attempts
from orchestrator.run_log.started import finish_run, new_run_id
from orchestrator.run_log.write import write_run
from orchestrator.settings.secrets import read_secret

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.run.request import RunRequest
    from orchestrator.run_log.record import RunRecord
    from orchestrator.settings.values import Settings


def write_log(connection: Connection, record: RunRecord) -> tuple[str, bool]:
    """Write the run log; return the problem, or '', and whether the warehouse took it."""
    log = write_run(connection, record)
    finished = finish_run(connection.settings, record.run_id, record.status)
    problem = "; ".join(filter(None, (log.problem, finished)))
    if problem:
        get_logger().error("the run log could not be written", problem=problem)
    return problem, bool(log.loaded)


def keep_for_retry(settings: Settings, record: RunRecord, attempts_dir: Path) -> None:
    """Keep what another machine needs to go on with a run that did not succeed."""
    if record.status == "success":
        return
    problem = keep_attempts(settings, record.run_id, attempts_dir)
    if problem:
        get_logger().warning("a retry elsewhere would build everything", problem=problem)


def send_metrics(connection: Connection | None, settings: Settings, record: RunRecord) -> None:
    """Send the metrics of a run, where there is somebody to send them to."""
    if settings.metrics.endpoint is None:
        return
    metrics = RunMetrics(settings)
    figures = read_match_figures(connection) if connection is not None and record.nodes else ()
    metrics.record_run(record, figures)
    problem = metrics.flush()
    if problem:
        get_logger().warning("the metrics could not be sent", problem=problem)


def send_alerts(
    connection: Connection | None,
    settings: Settings,
    record: RunRecord,
) -> None:
    """Tell whoever is responsible."""
    anomalies = None if connection is None else read_anomalies(connection)
    resolve = partial(read_secret, settings)
    result = alert(connection, settings, record, anomalies, resolve=resolve)
    for delivery in result.deliveries:
        get_logger().info("alert", channel=delivery.channel, problem=delivery.detail or None)
    if result.problem:
        get_logger().error("the alerts could not be sent", problem=result.problem)


def could_not_begin(
    settings: Settings, request: RunRequest, error: Exception, resumes: str | None = None
) -> None:
    """Record a run whose warehouse or lock cannot be used, and tell whoever is responsible."""
    now = datetime.now(UTC)
    facts = RunFacts(new_run_id(now), now, request, resumes=resumes)
    facts.error = as_concord_error(error) or error
    record = facts.record(settings, now, {})
    keep_copy(settings, record)
    send_alerts(None, settings, record)
