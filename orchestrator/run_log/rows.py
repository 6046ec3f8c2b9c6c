"""The tables of the run log: their columns, and a run as rows of them."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from orchestrator.dbt.node import Node
from orchestrator.redaction import redact
from orchestrator.run_log.id_changes import IdChanges
from orchestrator.run_log.run import Run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.cloud.bigquery import SchemaField

    from orchestrator.dbt.node import NodeTotals

RUNS: Final = "pipeline_runs"
NODES: Final = "node_results"
SECONDS_BY_STEP: Final = "ARRAY<STRUCT<step STRING, seconds FLOAT64>>"
ENTITIES: Final = ("person", "company")
# Figure in the name of a column -> field of `IdChanges`.
OF_IDS: Final = {"id_change_share": "share", "partition_distance": "distance"}
# Attribute of a run -> type of its column. A column is never taken away.
OF_A_RUN: Final = {
    "run_id": "STRING",
    "command": "STRING",
    "target": "STRING",
    "dataset": "STRING",
    "started_at": "TIMESTAMP",
    "ended_at": "TIMESTAMP",
    "status": "STRING",
    "exit_code": "INT64",
    "selection": "STRING",
    "problem": "STRING",
    "what_to_do": "STRING",
    "attempts": "INT64",
    "retries": "INT64",
    "fencing_token": "INT64",
    "resumes": "STRING",
    "concord_version": "STRING",
    "dbt_version": "STRING",
    "invocation_ids": "ARRAY<STRING>",
    "stale_sources": "ARRAY<STRING>",
    "published_tables": "INT64",
    "committed_rows": "INT64",
    **{f"{entity}_{figure}": "FLOAT64" for entity in ENTITIES for figure in OF_IDS},
    "step_seconds": SECONDS_BY_STEP,
}
# A node is partitioned and clustered like its run; each of its fields is a column.
TYPES: Final = {"str": "STRING", "ErrorClass": "STRING", "int": "INT64", "float": "FLOAT64"}
OF_A_NODE: Final = {
    "run_id": "STRING",
    "started_at": "TIMESTAMP",
    "unique_id": "STRING",
    "name": "STRING",
    "resource_type": "STRING",
    **{item.name: TYPES[str(item.type).removesuffix(" | None")] for item in fields(Node)},
}
# Written by users. The texts of failures are masked where a run or a node takes them in.
OF_USERS: Final = ("selection", "owner")

# The rows of one run by table.
RunRows = dict[str, list[dict[str, Any]]]


def columns(table: str) -> dict[str, str]:
    """Return the columns of a table with their types."""
    return OF_A_RUN if table == RUNS else OF_A_NODE


def table_schema(table: str) -> list[SchemaField]:
    """Return the explicit schema of a table."""
    return [_field(name, data_type) for name, data_type in columns(table).items()]


def rows_of(run: Run) -> RunRows:
    """Return a run as rows, without values of data in its texts."""
    steps = [
        {"step": step, "seconds": round(seconds, 3)} for step, seconds in run.step_seconds.items()
    ]
    other = {"step_seconds": steps, **_figures_of_ids(run)}
    row = {name: _plain(getattr(run, name)) for name in OF_A_RUN if name not in other} | other
    of_run = {"run_id": run.run_id, "started_at": row["started_at"]}
    nodes = [
        of_run | {name: getattr(node, name) for name in OF_A_NODE if name not in of_run}
        for node in run.nodes
    ]
    return {RUNS: [_without_data(row)], NODES: [_without_data(node) for node in nodes]}


def run_of_row(row: Mapping[str, Any], counted: NodeTotals) -> Run:
    """Read a row of the warehouse or of a copy. A run without a problem names a failed node."""
    names = ("run_id", "command", "target", "dataset", "status", "retries")
    values = {name: row[name] for name in names}
    started_at, ended_at = (_moment(row[name]) for name in ("started_at", "ended_at"))
    failed = f"{counted.first_failed} failed" if counted.first_failed else ""
    return Run(
        **values,
        started_at=started_at,
        ended_at=ended_at,
        problem=row["problem"] or failed,
        id_changes={entity: found for entity in ENTITIES if (found := _id_changes(row, entity))},
        counted=counted,
    )


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


def _figures_of_ids(run: Run) -> dict[str, float | None]:
    return {
        f"{entity}_{figure}": getattr(run.id_changes.get(entity), name, None)
        for entity in ENTITIES
        for figure, name in OF_IDS.items()
    }


def _id_changes(row: Mapping[str, Any], entity: str) -> IdChanges | None:
    values: dict[str, Any] = {
        name: row.get(f"{entity}_{figure}") for figure, name in OF_IDS.items()
    }
    return None if values["share"] is None else IdChanges(entity, **values)


def _without_data(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: redact(row[name]) for name in OF_USERS if row.get(name)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _field(name: str, data_type: str) -> SchemaField:
    from google.cloud.bigquery import SchemaField

    if data_type == SECONDS_BY_STEP:
        parts = (SchemaField("step", "STRING"), SchemaField("seconds", "FLOAT64"))
        return SchemaField(name, "RECORD", "REPEATED", fields=parts)
    if data_type.startswith("ARRAY<"):
        return SchemaField(name, data_type[6:-1], "REPEATED")
    return SchemaField(name, data_type)
