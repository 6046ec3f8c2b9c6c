"""The life of an alert in a table of the warehouse, through the real client."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import pytest

from orchestrator.alerts import AlertResult, alert
from orchestrator.alerts.anomalies import read_anomalies
from orchestrator.alerts.store import COPY, read_alerts
from orchestrator.bigquery.error_classes import ErrorClass
from orchestrator.files.state_files import open_run_files
from tests.unit.run_sample import STARTED, ended_run, node

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection

pytestmark = pytest.mark.integration


def night(opened: Connection | None, connection: Connection, day: int, status: str) -> AlertResult:
    found = node("a", status, error_class=ErrorClass.PERMANENT, owner="data-team")
    record = ended_run(
        f"r{day}", nodes=(found,), status="failed" if status == "error" else "success"
    )
    clock = partial(STARTED.__add__, timedelta(days=day))
    return alert(opened, connection.settings, record, (), clock=clock)


def test_alerts_live_in_the_warehouse(connection: Connection) -> None:
    # Runs of other tests have alerts of their own.
    own = connection.settings.with_changes(dataset="alerts_only")
    connection = replace(connection, settings=own)
    ops = f"{connection.settings.project}.{connection.settings.ops_dataset}.alert_events"
    # The second night has no warehouse: its events come with the third.
    for day, (opened, status) in enumerate(
        ((connection, "error"), (None, "error"), (connection, "success"))
    ):
        assert not night(opened, connection, day, status).problem
    rows = connection.query(f"select run_id, stage, n_runs from `{ops}` order by happened_at")
    assert [(row["run_id"], row["stage"], row["n_runs"]) for row in rows] == [
        ("r0", "new", 1),
        ("r1", "still_failing", 2),
        ("r2", "resolved", 2),
    ]
    with_copy, _ = read_alerts(connection, connection.settings)
    open_run_files(connection.settings).remove(COPY)
    from_table, problem = read_alerts(connection, connection.settings)
    assert not problem
    assert from_table == with_copy
    assert {event.first_seen_at for event in from_table.values()} == {STARTED}
    assert not night(connection, connection, 3, "error").problem
    again, _ = read_alerts(connection, connection.settings)
    assert [event.n_runs for event in again.values()] == [1]


def test_there_are_no_anomalies_before_the_first_build(connection: Connection) -> None:
    elsewhere = replace(connection, settings=connection.settings.with_changes(dataset="nowhere"))
    assert read_anomalies(elsewhere) == ()
