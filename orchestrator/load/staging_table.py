"""A table that collects rows through load jobs and lives only while a file is loaded."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from orchestrator.bigquery.upload import upload_ndjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from google.cloud.bigquery import SchemaField

    from orchestrator.bigquery.connect import Connection

UPLOAD_CHARACTERS: Final = 64 << 20
# Should the command be killed, BigQuery removes the table by itself.
LIFETIME: Final = timedelta(days=1)


class StagingTable:
    """Collects rows on disk and uploads them in files of bounded size."""

    def __init__(
        self, connection: Connection, table_id: str, schema: list[SchemaField], file: Path
    ) -> None:
        self.table_id = table_id
        self.row_count = 0
        self._connection = connection
        self._schema = schema
        self._path = file
        self._file = file.open("w", encoding="utf-8")
        self._characters = 0

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._characters += self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.row_count += 1
        if self._characters >= UPLOAD_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Upload what has been collected."""
        self._file.close()
        if self._characters:
            upload_ndjson(self._connection, self._path, self.table_id, self._schema)
        self._file = self._path.open("w", encoding="utf-8")
        self._characters = 0

    def close(self) -> None:
        """Close the file on disk."""
        self._file.close()


@contextmanager
def staging_table(
    connection: Connection, table_id: str, schema: list[SchemaField], folder: Path
) -> Iterator[StagingTable]:
    """Create an empty staging table, and remove it in the end."""
    from google.cloud.bigquery import Table

    table = Table(table_id, schema=schema)
    table.expires = datetime.now(UTC) + LIFETIME
    connection.client.create_table(table)
    staging = StagingTable(connection, table_id, schema, folder / table_id.rsplit(".", 1)[1])
    try:
        yield staging
    finally:
        staging.close()
        connection.client.delete_table(table_id, not_found_ok=True)
