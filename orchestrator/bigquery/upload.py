"""Load jobs: newline-delimited JSON into a table with an explicit schema."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from google.cloud.bigquery import SchemaField

    from orchestrator.bigquery.connect import Connection


def upload_ndjson(
    connection: Connection,
    path: Path,
    table_id: str,
    schema: list[SchemaField],
    *,
    replace: bool = False,
) -> None:
    """Append a file to a table, or replace the table's rows by it."""
    from google.cloud.bigquery import LoadJobConfig, SourceFormat, WriteDisposition

    job_config = LoadJobConfig(
        schema=schema,
        source_format=SourceFormat.NEWLINE_DELIMITED_JSON,
        write_disposition=(
            WriteDisposition.WRITE_TRUNCATE if replace else WriteDisposition.WRITE_APPEND
        ),
    )
    with path.open("rb") as file:
        job = connection.client.load_table_from_file(file, table_id, job_config=job_config)
    job.result()
