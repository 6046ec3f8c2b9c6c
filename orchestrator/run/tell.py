"""Tells of a run: its log, its metrics, and who has to know. None of it changes the result."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from orchestrator.alerts import alert
from orchestrator.alerts.anomalies import read_anomalies
from orchestrator.bigquery.errors_in_words import as_concord_error
from orchestrator.bigquery.secrets import read_secret
from orchestrator.logs import get_logger
from orchestrator.metrics.match_figures import read_match_figures
from orchestrator.metrics.send import RunMetrics
from orchestrator.run.outcome import end_run
from orchestrator.run_log.copies import keep_copy
from orchestrator.run_log.kept_attempts import keep_attempts
from orchestrator.run_log.started import finish_run
from orchestrator.run_log.write import write_run

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection
    from orchestrator.run_log.run import Run
    from orchestrator.settings.values import Settings


def tell(run: Run, connection: Connection) -> None:
    """Write the log of a run that is over, and tell who has to know."""
    _keep_for_retry(run, connection.settings)
    is_reached = _write_log(run, connection)
    # A warehouse that did not take the log is not asked again: that would be a minute.
    reached = connection if is_reached else None
    _send_metrics(run, connection.settings, reached)
    _send_alerts(run, connection.settings, reached)


def could_not_begin(run: Run, settings: Settings, error: Exception) -> None:
    """Record a run whose warehouse or lock cannot be used, and tell who has to know."""
    run.error = as_concord_error(error) or error
    end_run(run, datetime.now(UTC), {})
    keep_copy(settings, run)
    _send_alerts(run, settings, None)


def _keep_for_retry(run: Run, settings: Settings) -> None:
    """Keep what another machine needs to go on with a run that did not succeed."""
    if run.is_success:
        return
    problem = keep_attempts(settings, run.run_id, Path(run.attempts_dir))
    if problem:
        get_logger().warning("a retry elsewhere would build everything", problem=problem)


def _write_log(run: Run, connection: Connection) -> bool:
    """Write the run log; return whether the warehouse took it."""
    log = write_run(connection, run)
    finished = finish_run(connection.settings, run)
    run.log_problem = "; ".join(filter(None, (log.problem, finished)))
    if run.log_problem:
        get_logger().error("the run log could not be written", problem=run.log_problem)
    return bool(log.loaded)


def _send_metrics(run: Run, settings: Settings, connection: Connection | None) -> None:
    """Send the metrics of a run, where there is somebody to send them to."""
    if settings.metrics.endpoint is None:
        return
    metrics = RunMetrics(settings)
    figures = read_match_figures(connection) if connection is not None and run.nodes else ()
    metrics.record_run(run, figures)
    problem = metrics.flush()
    if problem:
        get_logger().warning("the metrics could not be sent", problem=problem)


def _send_alerts(run: Run, settings: Settings, connection: Connection | None) -> None:
    anomalies = None if connection is None else read_anomalies(connection)
    resolve = partial(read_secret, settings)
    result = alert(connection, settings, run, anomalies, resolve=resolve)
    for delivery in result.deliveries:
        get_logger().info("alert", channel=delivery.channel, problem=delivery.detail or None)
    if result.problem:
        get_logger().error("the alerts could not be sent", problem=result.problem)
