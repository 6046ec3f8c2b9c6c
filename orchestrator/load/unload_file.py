"""Takes a file back that was loaded: its rows, and what was left out of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.errors import InputError
from orchestrator.load.load_ledger import (
    LEDGER_TABLE,
    REJECTED_SUFFIX,
    UNUSABLE_SUFFIX,
    beside,
    ensure_ledger,
    literal,
)
from orchestrator.reading.file_kind import display_name
from orchestrator.reading.text_files import content_hash
from orchestrator.sources.raw_tables import ensure_raw_tables

if TYPE_CHECKING:
    from pathlib import Path

    from orchestrator.bigquery.connect import Connection
    from orchestrator.sources.source_schemas import RawTable


@dataclass(frozen=True, slots=True)
class Unloaded:
    """What was taken back."""

    file_name: str
    rows_removed: int


def unload_file(connection: Connection, table: RawTable, path: Path) -> Unloaded:
    """Remove what a file has brought; known by its content, or by its name when it is gone."""
    if "_file_hash" not in table.column_by_name:
        raise InputError(
            f"{table.full_name} does not know which file a row came from",
            "load a corrected file: rows with the same key are replaced",
        )
    ensure_raw_tables(connection, [table])
    ensure_ledger(connection, table)
    name, found = _loaded_hashes(connection, table, path)
    if not found:
        raise InputError(
            f"{name} has not been loaded into {table.full_name}",
            "give the file as it was loaded, or its name if it is not there any more",
        )
    hashes = ", ".join(literal(one) for one in found)
    target = beside(connection, table, table.name)
    rows = connection.query(f"select count(*) as n from `{target}` where _file_hash in ({hashes})")
    removed = int(next(iter(rows))["n"])
    ledger = beside(connection, table, LEDGER_TABLE)
    of_table = f"table_name = {literal(table.name)} and file_hash in ({hashes})"
    statements = [
        f"delete from `{target}` where _file_hash in ({hashes})",
        f"delete from `{ledger}` where {of_table}",
        *(
            f"delete from `{beside(connection, table, table.name + suffix)}`"
            f" where file_hash in ({hashes})"
            for suffix in (REJECTED_SUFFIX, UNUSABLE_SUFFIX)
        ),
    ]
    connection.query(f"begin transaction; {'; '.join(statements)}; commit transaction;")
    return Unloaded(name, removed)


def _loaded_hashes(
    connection: Connection, table: RawTable, path: Path
) -> tuple[str, tuple[str, ...]]:
    name = display_name(path)
    is_there = path.exists()
    known = f"file_hash = {literal(content_hash(path))}" if is_there else ""
    ledger = beside(connection, table, LEDGER_TABLE)
    rows = connection.query(
        "select file_hash, cast(max(loaded_at) as string) as loaded_at"
        f" from `{ledger}` where table_name = {literal(table.name)}"
        f" and {known or f'file_name = {literal(name)}'} group by file_hash order by loaded_at"
    )
    found = {row["file_hash"]: row["loaded_at"] for row in rows}
    if len(found) > 1:
        times = ", ".join(str(at)[:19] for at in found.values())
        raise InputError(
            f"{name} is not there, and {len(found)} files of that name have been loaded ({times})",
            "give the path of the file that is meant",
        )
    return name, tuple(found)
