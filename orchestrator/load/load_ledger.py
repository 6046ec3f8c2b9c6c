"""The tables beside the raw tables: what was left out of them, and which files were loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.bigquery.ensure import ensure_columns, ensure_tables

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField

    from orchestrator.bigquery.connect import Connection
    from orchestrator.sources.source_schemas import RawTable

LEDGER_TABLE: Final = "_loaded_files"
REJECTED_SUFFIX: Final = "__rejected"
UNUSABLE_SUFFIX: Final = "__unusable_values"
REJECTED_COLUMNS: Final = {
    "file_name": "STRING",
    "file_hash": "STRING",
    "line_number": "INT64",
    "reason": "STRING",
    "raw_line": "STRING",
    "loaded_at": "TIMESTAMP",
}
UNUSABLE_COLUMNS: Final = {
    "file_name": "STRING",
    "file_hash": "STRING",
    "line_number": "INT64",
    "column_name": "STRING",
    "reason": "STRING",
    "value": "STRING",
    "loaded_at": "TIMESTAMP",
}
LEDGER_COLUMNS: Final = {
    "table_name": "STRING",
    "file_name": "STRING",
    "file_hash": "STRING",
    "rows_read": "INT64",
    "rows_loaded": "INT64",
    "rows_rejected": "INT64",
    "loaded_at": "TIMESTAMP",
    "values_unusable": "INT64",
    "options": "STRING",
}


@dataclass(frozen=True, slots=True)
class FileLoad:
    """One file on its way into one raw table."""

    table: RawTable
    file_name: str
    file_hash: str
    loaded_at: str
    source_system: str
    # How the file is read, as text; a forced load replaces even one that was read so.
    options: str
    is_forced: bool = False


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What became of the rows of a file."""

    rows_read: int
    rows_loaded: int
    rows_rejected: int
    values_unusable: int


@dataclass(frozen=True, slots=True)
class StagedRows:
    """The staging tables of a file: its rows, its rejected rows, its unusable values."""

    rows: str
    rejected: str
    unusable: str


def rejected_schema() -> list[SchemaField]:
    """Return the schema of a table of rejected rows."""
    return _schema(REJECTED_COLUMNS)


def unusable_schema() -> list[SchemaField]:
    """Return the schema of a table of values that rows were loaded without."""
    return _schema(UNUSABLE_COLUMNS)


def ensure_ledger(connection: Connection, table: RawTable) -> None:
    """Create the three tables beside a raw table unless they exist."""
    from google.cloud.bigquery import Table

    beside_it = {
        LEDGER_TABLE: LEDGER_COLUMNS,
        table.name + REJECTED_SUFFIX: REJECTED_COLUMNS,
        table.name + UNUSABLE_SUFFIX: UNUSABLE_COLUMNS,
    }
    tables = [
        Table(beside(connection, table, name), schema=_schema(columns))
        for name, columns in beside_it.items()
    ]
    ensure_tables(connection, connection.settings.raw_dataset(table.source), tables)
    # A ledger of an earlier version lacks columns.
    ledger = connection.client.get_table(beside(connection, table, LEDGER_TABLE))
    ensure_columns(connection, ledger, _schema(LEDGER_COLUMNS))


def is_loaded(connection: Connection, load: FileLoad) -> bool:
    """Say whether a file with this content has been loaded into this table in this way."""
    ledger = beside(connection, load.table, LEDGER_TABLE)
    sql = f"select count(*) as loads from `{ledger}` as l where {is_same_load(load)}"
    return bool(next(iter(connection.query(sql)))["loads"])


def literal(text: str) -> str:
    """Return text as a string literal of BigQuery."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return "'" + escaped.replace("\r", "\\r") + "'"


def is_same_file(load: FileLoad) -> str:
    """Return the condition for entries `l` of the ledger about the same content."""
    table, content = literal(load.table.name), literal(load.file_hash)
    return f"l.table_name = {table} and l.file_hash = {content}"


def is_same_load(load: FileLoad) -> str:
    """Return the condition for entries `l` of the same content, read in the same way."""
    # Loads of before the options were recorded count when nothing was left out.
    same = f"l.options = {literal(load.options)}"
    return f"{is_same_file(load)} and ({same} or (l.options is null and l.rows_rejected = 0))"


def beside(connection: Connection, table: RawTable, name: str) -> str:
    """Return the id of a table in the dataset of a raw table."""
    return connection.table_id(connection.settings.raw_dataset(table.source), name)


def _schema(columns: dict[str, str]) -> list[SchemaField]:
    from google.cloud.bigquery import SchemaField

    return [SchemaField(name, data_type) for name, data_type in columns.items()]
