"""Moves a staged file into its raw table and records it: all of it, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.load.load_ledger import (
    LEDGER_COLUMNS,
    LEDGER_TABLE,
    REJECTED_COLUMNS,
    REJECTED_SUFFIX,
    UNUSABLE_COLUMNS,
    UNUSABLE_SUFFIX,
    FileLoad,
    LoadCounts,
    StagedRows,
    beside,
    is_same_file,
    is_same_load,
    literal,
)

if TYPE_CHECKING:
    from orchestrator.bigquery.connect import Connection


def publish_load(
    connection: Connection, load: FileLoad, staged: StagedRows, counts: LoadCounts
) -> bool:
    """Publish a file; False when another command has loaded the same file in the meantime.

    Each statement checks on its own whether that has happened, inside the transaction. A file
    that gave no row is not recorded, so it can be loaded again when it has been corrected.
    """
    condition = "true" if load.is_forced else _is_not_loaded(connection, load)
    statements = [
        *(_forget_earlier_load(connection, load, staged, condition) if counts.rows_loaded else ()),
        *_left_out(connection, load, staged, condition),
    ]
    if counts.rows_loaded:
        target = beside(connection, load.table, load.table.name)
        statements += [
            _copy(staged.rows, target, load.table.columns_sql, condition),
            _record(connection, load, counts, condition),
        ]
    connection.query(f"begin transaction; {'; '.join(statements)}; commit transaction;")
    return not counts.rows_loaded or _is_recorded(connection, load)


def _is_not_loaded(connection: Connection, load: FileLoad) -> str:
    ledger = beside(connection, load.table, LEDGER_TABLE)
    return f"not exists (select 1 from `{ledger}` as l where {is_same_load(load)})"


def _forget_earlier_load(
    connection: Connection, load: FileLoad, staged: StagedRows, condition: str
) -> tuple[str, str]:
    """Remove the rows of an earlier load of the same content, and its entry."""
    table = load.table
    target = beside(connection, table, table.name)
    ledger = beside(connection, table, LEDGER_TABLE)
    # Connectors' tables do not say which file a row came from: there the key does.
    if "_file_hash" in table.column_by_name:
        own_rows = f"_file_hash = {literal(load.file_hash)}"
    else:
        was_loaded = f"exists (select 1 from `{ledger}` as l where {is_same_file(load)})"
        same_key = f"{table.key} in (select s.{table.key} from `{staged.rows}` as s)"
        own_rows = f"{same_key} and {was_loaded}"
    of_file = f"e.table_name = {literal(table.name)} and e.file_hash = {literal(load.file_hash)}"
    return (
        f"delete from `{target}` where {own_rows} and {condition}",
        f"delete from `{ledger}` as e where {of_file} and {condition}",
    )


def _left_out(
    connection: Connection, load: FileLoad, staged: StagedRows, condition: str
) -> list[str]:
    """Replace the rejected rows and the unusable values of the file."""
    statements: list[str] = []
    for suffix, source, columns in (
        (REJECTED_SUFFIX, staged.rejected, REJECTED_COLUMNS),
        (UNUSABLE_SUFFIX, staged.unusable, UNUSABLE_COLUMNS),
    ):
        target = beside(connection, load.table, load.table.name + suffix)
        of_file = f"file_hash = {literal(load.file_hash)}"
        statements += [
            f"delete from `{target}` where {of_file} and {condition}",
            _copy(source, target, ", ".join(columns), condition),
        ]
    return statements


def _record(connection: Connection, load: FileLoad, counts: LoadCounts, condition: str) -> str:
    values = {
        "table_name": literal(load.table.name),
        "file_name": literal(load.file_name),
        "file_hash": literal(load.file_hash),
        "rows_read": str(counts.rows_read),
        "rows_loaded": str(counts.rows_loaded),
        "rows_rejected": str(counts.rows_rejected),
        "loaded_at": f"timestamp {literal(load.loaded_at)}",
        "values_unusable": str(counts.values_unusable),
        "options": literal(load.options),
    }
    columns = ", ".join(LEDGER_COLUMNS)
    selected = ", ".join(values[name] for name in LEDGER_COLUMNS)
    ledger = beside(connection, load.table, LEDGER_TABLE)
    return f"insert into `{ledger}` ({columns}) select {selected} from (select 1) where {condition}"


def _copy(source: str, target: str, columns: str, condition: str) -> str:
    return f"insert into `{target}` ({columns}) select {columns} from `{source}` where {condition}"


def _is_recorded(connection: Connection, load: FileLoad) -> bool:
    ledger = beside(connection, load.table, LEDGER_TABLE)
    own = f"{is_same_load(load)} and l.loaded_at = timestamp {literal(load.loaded_at)}"
    rows = connection.query(f"select count(*) as loads from `{ledger}` as l where {own}")
    return bool(next(iter(rows))["loads"])
