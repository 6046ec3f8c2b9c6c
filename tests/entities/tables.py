"""Writes and reads whole tables of a test's warehouse."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

from google.cloud.bigquery import LoadJobConfig, SchemaField, SourceFormat

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orchestrator.bigquery.connect import Connection


def append_rows(
    connection: Connection,
    table_id: str,
    schema: Sequence[SchemaField],
    rows: Iterable[Mapping[str, object]],
) -> None:
    """Append rows to a table; it is made if it is not there."""
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    if not lines:
        return
    config = LoadJobConfig(
        schema=schema,
        source_format=SourceFormat.NEWLINE_DELIMITED_JSON,
        write_disposition="WRITE_APPEND",
    )
    connection.client.load_table_from_file(BytesIO(lines), table_id, job_config=config).result()


def replace_texts(
    connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[str]]
) -> None:
    """Let a table have these rows and no others; all columns are text."""
    table_id = connection.table_id(*table.split("."))
    declared = ", ".join(f"{column} string" for column in columns)
    connection.query(f"create or replace table `{table_id}` ({declared})")
    schema = [SchemaField(column, "STRING") for column in columns]
    append_rows(
        connection, table_id, schema, [dict(zip(columns, row, strict=True)) for row in rows]
    )


def read_rows(connection: Connection, sql: str) -> list[dict[str, Any]]:
    """Return the rows of a query."""
    return [dict(row.items()) for row in connection.query(sql)]
