"""Reads which figures of the newest run are far from what is usual; SQL decides that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.alerts.findings import Anomaly
from orchestrator.bigquery.patience import BRIEF
from orchestrator.logs import get_logger

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection


def read_anomalies(connection: Connection) -> tuple[Anomaly, ...] | None:
    """Return the anomalies, None where they cannot be read. Call it when the run log is written."""
    from google.api_core.exceptions import NotFound

    table = connection.table_id(f"{connection.settings.dataset}_marts", "run_anomalies")
    sql = f"""
        select metric, scope, value, usual_value as usual, score, severity, what_to_do
        from `{table}`
        where is_anomalous
        order by metric, scope
    """
    try:
        rows = connection.query(sql, patience=BRIEF)
        return tuple(Anomaly(**dict(row)) for row in rows)
    except NotFound:
        return ()  # Nothing was built yet.
    except Exception as error:  # noqa: BLE001 - alerts of failed nodes go out all the same
        get_logger().warning("no anomalies", cause=type(error).__name__)
        return None
