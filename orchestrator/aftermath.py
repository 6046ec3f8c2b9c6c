"""What follows a run: its log, its metrics, and who is told. None of it changes the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.alerts import alert
from orchestrator.alerts.anomalies import read_anomalies
from orchestrator.logs import get_logger
from orchestrator.match_figures import read_match_figures
from orchestrator.metrics import RunMetrics
from orchestrator.run_log.started import finish_run
from orchestrator.run_log.write import write_run
from orchestrator.secrets import SecretReader

if TYPE_CHECKING:
    from orchestrator.run_log.record import RunRecord
    from orchestrator.settings import Settings
    from orchestrator.warehouse_client import Connection


def write_log(connection: Connection, record: RunRecord) -> tuple[str, bool]:
    """Write the run log; return the problem, or '', and whether the warehouse took it."""
    log = write_run(connection, record)
    finished = finish_run(connection.settings, record.run_id, record.status)
    problem = "; ".join(filter(None, (log.problem, finished)))
    if problem:
        get_logger().error("the run log could not be written", problem=problem)
    return problem, bool(log.loaded)


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
    """Tell who has to know."""
    anomalies = None if connection is None else read_anomalies(connection)
    secrets = SecretReader(settings)
    result = alert(
        connection,
        settings,
        record,
        anomalies,
        resolve=secrets.resolve,
        refresh=secrets.refresh,
    )
    if result.problem:
        get_logger().error("the alerts could not be sent", problem=result.problem)
