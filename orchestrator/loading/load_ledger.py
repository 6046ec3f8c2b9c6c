"""The tables beside the raw tables: rejected rows, and which files have been loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orchestrator.access.ensure import ensure_tables

if TYPE_CHECKING:
    from google.cloud.bigquery import SchemaField

    from orchestrator.loading.source_schemas import RawTable
    from orchestrator.warehouse_client import Connection

LEDGER_TABLE: Final = "_loaded_files"
REJECTED_SUFFIX: Final = "__rejected"
REJECTED_COLUMNS: Final = {
    "file_name": "STRING",
    "file_hash": "STRING",
    "line_number": "INT64",
    "reason": "STRING",
    "raw_line": "STRING",
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
}


@dataclass(frozen=True, slots=True)
class FileLoad:
    """One file on its way into one raw table."""

    table: RawTable
    file_name: str
    file_hash: str
    loaded_at: str


def rejected_schema() -> list[SchemaField]:
    """Return the schema of a table of rejected rows."""
    return _schema(REJECTED_COLUMNS)


def ensure_ledger(connection: Connection, table: RawTable) -> None:
    """Create the two tables beside a raw table unless they exist."""
    from google.cloud.bigquery import Table

    dataset = table.dataset(connection.settings.raw_prefix)
    schemas = {
        LEDGER_TABLE: _schema(LEDGER_COLUMNS),
        table.name + REJECTED_SUFFIX: rejected_schema(),
    }
    beside = [Table(connection.table_id(dataset, n), schema=of) for n, of in schemas.items()]
    ensure_tables(connection, dataset, beside)


def is_loaded(connection: Connection, table: RawTable, file_hash: str) -> bool:
    """Say whether a file with this content has been loaded into this table."""
    ledger = _id(connection, table, LEDGER_TABLE)
    sql = (
        f"select count(*) as loads from `{ledger}` "
        f"where table_name = {literal(table.name)} and file_hash = {literal(file_hash)}"
    )
    return bool(next(iter(connection.query(sql)))["loads"])


def publish(
    connection: Connection,
    load: FileLoad,
    staged: str,
    staged_rejects: str,
    counts: tuple[int, int, int],
) -> None:
    """Move the staged rows into place and record the file: all of it, or nothing.

    `counts` are the rows read, loaded and rejected. A file that gave no row is not recorded, so
    it can simply be loaded again when it has been corrected.
    """
    rejected = _id(connection, load.table, load.table.name + REJECTED_SUFFIX)
    statements = [
        f"delete from `{rejected}` where file_hash = {literal(load.file_hash)}",
        _copy(staged_rejects, rejected, ", ".join(REJECTED_COLUMNS)),
    ]
    if counts[1]:
        target = _id(connection, load.table, load.table.name)
        statements += [
            *_delete_earlier_load(connection, load, staged),
            _copy(staged, target, load.table.columns_sql),
            _record(connection, load, counts),
        ]
    connection.query(f"begin transaction; {'; '.join(statements)}; commit transaction;")


def literal(text: str) -> str:
    """Return text as a string literal of BigQuery."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return "'" + escaped.replace("\r", "\\r") + "'"


def _delete_earlier_load(connection: Connection, load: FileLoad, staged: str) -> list[str]:
    table = load.table
    same_file = f"file_hash = {literal(load.file_hash)}"
    ledger = _id(connection, table, LEDGER_TABLE)
    # Connectors' tables do not say which file a row came from: there the key does.
    if "_file_hash" in table.column_by_name:
        own_rows = f"_{same_file}"
    else:
        own_rows = f"{table.key} in (select s.{table.key} from `{staged}` as s)"
    was_loaded = (
        f"exists (select 1 from `{ledger}` "
        f"where table_name = {literal(table.name)} and {same_file})"
    )
    return [
        f"delete from `{_id(connection, table, table.name)}` where {own_rows} and {was_loaded}",
        f"delete from `{ledger}` where table_name = {literal(table.name)} and {same_file}",
    ]


def _record(connection: Connection, load: FileLoad, counts: tuple[int, int, int]) -> str:
    values = [
        *(literal(value) for value in (load.table.name, load.file_name, load.file_hash)),
        *(str(value) for value in counts),
        f"timestamp {literal(load.loaded_at)}",
    ]
    ledger = _id(connection, load.table, LEDGER_TABLE)
    return f"insert into `{ledger}` ({', '.join(LEDGER_COLUMNS)}) values ({', '.join(values)})"


def _copy(source: str, target: str, columns: str) -> str:
    return f"insert into `{target}` ({columns}) select {columns} from `{source}`"


def _id(connection: Connection, table: RawTable, name: str) -> str:
    return connection.table_id(table.dataset(connection.settings.raw_prefix), name)


def _schema(columns: dict[str, str]) -> list[SchemaField]:
    from google.cloud.bigquery import SchemaField

    return [SchemaField(name, data_type) for name, data_type in columns.items()]
