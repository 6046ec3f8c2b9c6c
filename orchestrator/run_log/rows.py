"""The tables of the run log: their columns, and a run as rows of them."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from orchestrator.redaction import redact
from orchestrator.run_log.record import NodeRecord, RunRecord

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField

RUNS: Final = "pipeline_runs"
NODES: Final = "node_results"
SECONDS_BY_STEP: Final = "ARRAY<STRUCT<step STRING, seconds FLOAT64>>"
# Type of a field of a record -> type of its column. A field that is added to a record becomes a
# column; a column is never taken away.
TYPES: Final = {
    "str": "STRING",
    "RunStatus": "STRING",
    "ErrorClass": "STRING",
    "int": "INT64",
    "float": "FLOAT64",
    "datetime": "TIMESTAMP",
    "tuple[str, ...]": "ARRAY<STRING>",
    "dict[str, float]": SECONDS_BY_STEP,
}
# Texts that others wrote.
FREE_TEXTS: Final = ("selection", "problem", "what_to_do", "message", "owner")

# The rows of one run by table.
RunRows = dict[str, list[dict[str, Any]]]


def columns(table: str) -> dict[str, str]:
    """Return the columns of a table with their types."""
    record = RunRecord if table == RUNS else NodeRecord
    found = {
        item.name: TYPES[str(item.type).removesuffix(" | None")]
        for item in fields(record)
        if item.name != "nodes"
    }
    # Nodes are partitioned and clustered like their run.
    return found if table == RUNS else {"run_id": "STRING", "started_at": "TIMESTAMP"} | found


def table_schema(table: str) -> list[SchemaField]:
    """Return the explicit schema of a table."""
    return [_field(name, data_type) for name, data_type in columns(table).items()]


def rows_of(record: RunRecord) -> RunRows:
    """Return a run as rows, without values of data in its texts."""
    run = asdict(record)
    nodes = run.pop("nodes")
    run["started_at"] = record.started_at.isoformat()
    run["ended_at"] = record.ended_at.isoformat()
    run["step_seconds"] = [
        {"step": step, "seconds": round(seconds, 3)}
        for step, seconds in record.step_seconds.items()
    ]
    of_run = {"run_id": record.run_id, "started_at": run["started_at"]}
    return {RUNS: [_without_data(run)], NODES: [_without_data(of_run | node) for node in nodes]}


def to_lines(rows: RunRows) -> str:
    """Write rows as JSON lines, each with the name of its table."""
    entries = [{"table": table, "row": row} for table in rows for row in rows[table]]
    return "".join(f"{json.dumps(entry)}\n" for entry in entries)


def from_lines(text: str) -> RunRows:
    """Read what `to_lines` wrote."""
    rows: RunRows = {RUNS: [], NODES: []}
    for line in text.splitlines():
        entry = json.loads(line)
        rows[entry["table"]].append(entry["row"])
    return rows


def _without_data(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: redact(row[name]) for name in FREE_TEXTS if row.get(name)}


def _field(name: str, data_type: str) -> SchemaField:
    from google.cloud.bigquery import SchemaField

    if data_type == SECONDS_BY_STEP:
        parts = (SchemaField("step", "STRING"), SchemaField("seconds", "FLOAT64"))
        return SchemaField(name, "RECORD", "REPEATED", fields=parts)
    if data_type.startswith("ARRAY<"):
        return SchemaField(name, data_type[6:-1], "REPEATED")
    return SchemaField(name, data_type)
