"""Keeps the life of alerts: a table that only grows, and a copy of it as JSON lines.

The copy holds what the warehouse did not take, and is the state while the warehouse is down.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from orchestrator.alerts.findings import Severity
from orchestrator.alerts.life import AlertEvent, Stage, State, latest
from orchestrator.bigquery.ensure import ensure_dataset
from orchestrator.bigquery.patience import HASTY
from orchestrator.files.state_files import open_run_files, problem_of

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField

    from orchestrator.bigquery.connect import Connection
    from orchestrator.files.state_files import RunFiles
    from orchestrator.settings.values import Settings

TABLE: Final = "alert_events"
COPY: Final = "alerts/events.jsonl"
KEPT_EVENTS: Final = 2000
TYPES: Final = {"datetime": "TIMESTAMP", "int": "INT64", "bool": "BOOL"}


def read_alerts(connection: Connection | None, settings: Settings) -> tuple[State, str]:
    """Return the last event of every alert, of the warehouse and of the copy, and the problem."""
    found: list[AlertEvent] = []
    no_copy = problem_of(lambda: found.extend(_read_copy(open_run_files(settings))))
    no_table = problem_of(lambda: found.extend(_read_table(connection)))
    return latest(tuple(found)), "; ".join(filter(None, (no_copy, no_table)))


def write_events(
    connection: Connection | None, settings: Settings, events: tuple[AlertEvent, ...]
) -> str:
    """Add the events of a run to the copy and to the table; return the problem, or ''."""
    copied: list[AlertEvent] = []
    unread = problem_of(lambda: copied.extend(_read_copy(open_run_files(settings))))
    # A copy that could not be read is not replaced by a shorter one.
    kept = _shortened((*copied, *events))
    text = "".join(f"{json.dumps(to_row(event))}\n" for event in kept)
    unwritten = unread or problem_of(lambda: open_run_files(settings).write(COPY, text))
    unloaded = problem_of(lambda: _load(connection, kept))
    return "; ".join(filter(None, (unwritten, unloaded)))


def to_row(event: AlertEvent) -> dict[str, Any]:
    """Return an event as a row of the table."""
    values = asdict(event)
    return {n: v.isoformat() if isinstance(v, datetime) else v for n, v in values.items()}


def from_row(row: dict[str, Any]) -> AlertEvent:
    """Read what `to_row` or the warehouse gave. Columns of other versions do not matter."""
    values = {item.name: row[item.name] for item in fields(AlertEvent) if item.name in row}
    for name in ("happened_at", "first_seen_at", "notified_at"):
        if isinstance(values.get(name), str):
            values[name] = datetime.fromisoformat(values[name])
    stage, severity = Stage(values["stage"]), Severity(values["severity"])
    return AlertEvent(**values | {"stage": stage, "severity": severity})


def event_schema() -> list[SchemaField]:
    """Return the columns of the table."""
    from google.cloud.bigquery import SchemaField

    types = {item.name: str(item.type).removesuffix(" | None") for item in fields(AlertEvent)}
    return [SchemaField(name, TYPES.get(kind, "STRING")) for name, kind in types.items()]


def _read_copy(files: RunFiles) -> tuple[AlertEvent, ...]:
    return tuple(from_row(json.loads(line)) for line in (files.read(COPY) or "").splitlines())


def _shortened(events: tuple[AlertEvent, ...]) -> tuple[AlertEvent, ...]:
    """Leave out the oldest events, but never the last one of an alert."""
    state = latest(events)
    old = events[:-KEPT_EVENTS]
    return (*(e for e in old if state[e.fingerprint] is e), *events[-KEPT_EVENTS:])


def _read_table(connection: Connection | None) -> tuple[AlertEvent, ...]:
    if connection is None:
        return ()
    last = "qualify row_number() over (partition by fingerprint order by happened_at desc) = 1"
    rows = _query(connection, f"select * from `{_table_id(connection)}` where true {last}")
    return tuple(from_row(row) for row in rows)


def _load(connection: Connection | None, events: tuple[AlertEvent, ...]) -> None:
    """Load the runs that are not in the table yet: those of nights without a warehouse, too."""
    from google.cloud.bigquery import (
        ArrayQueryParameter,
        LoadJobConfig,
        SchemaUpdateOption,
        TimePartitioning,
        WriteDisposition,
    )

    if connection is None or not events:
        return
    known = _query(
        connection,
        f"select distinct run_id from `{_table_id(connection)}` where run_id in unnest(@runs)",
        ArrayQueryParameter("runs", "STRING", sorted({event.run_id for event in events})),
    )
    is_known = {row["run_id"] for row in known}
    rows = [to_row(event) for event in events if event.run_id not in is_known]
    if not rows:
        return
    ensure_dataset(connection, connection.settings.ops_dataset)
    # The first load makes the table.
    job_config = LoadJobConfig(
        schema=event_schema(),
        time_partitioning=TimePartitioning(field="happened_at"),
        write_disposition=WriteDisposition.WRITE_APPEND,
        schema_update_options=[SchemaUpdateOption.ALLOW_FIELD_ADDITION],
    )
    connection.client.load_table_from_json(
        rows,
        _table_id(connection),
        num_retries=1,
        timeout=HASTY.call_seconds,
        job_config=job_config,
    ).result(timeout=HASTY.wait_seconds)


def _query(connection: Connection, sql: str, *parameters: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the rows; none where there is no table yet."""
    from google.api_core.exceptions import NotFound

    try:
        rows = connection.query(sql, *parameters, patience=HASTY)
    except NotFound:
        return []
    return [dict(row) for row in rows]


def _table_id(connection: Connection) -> str:
    return connection.table_id(connection.settings.ops_dataset, TABLE)
